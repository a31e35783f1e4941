using RlhfV.Models.Modules;
using static TorchSharp.torch;
using LayerNorm = RlhfV.Models.Modules.LayerNorm;
using Linear = RlhfV.Models.Modules.Linear;

namespace RlhfV.Models.Architectures.Muffin;

/// <summary>
/// One layer of the multiway encoder: attention over patches and queries together, every affine map and norm once for the patches
/// (expert A) and once for the queries (expert B). Pre-norm, with one more norm before the output map of attention and of feed-forward
/// (sub-LN, arXiv 2210.06423).
/// </summary>
internal sealed class Beit3Layer : NamedModule
{
    private readonly Beit3Config _config;
    private readonly Expert _a;
    private readonly Expert _b;

    public Beit3Layer(Beit3Config config)
        : base(nameof(Beit3Layer))
    {
        _config = config;
        (_a, _b) = (new Expert(config), new Expert(config));
        var attention = new Scope("self_attn");
        attention.Add("k_proj", Pair(e => e.Key));
        attention.Add("v_proj", Pair(e => e.Value));
        attention.Add("q_proj", Pair(e => e.Query));
        attention.Add("out_proj", Pair(e => e.Output));
        attention.Add("inner_attn_ln", Pair(e => e.InnerNorm));
        register_module("self_attn", attention);
        register_module("self_attn_layer_norm", Pair(e => e.AttentionNorm));
        register_module("ffn", Pair(e => e.FeedForward));
        register_module("final_layer_norm", Pair(e => e.FeedForwardNorm));
    }

    /// <summary>Runs the layer.</summary>
    /// <param name="patches">Class token and patches, <c>[n, patches, width]</c>.</param>
    /// <param name="queries">Queries, <c>[n, queries, width]</c>.</param>
    /// <returns>The same shapes.</returns>
    public (Tensor Patches, Tensor Queries) Run(Tensor patches, Tensor queries)
    {
        using var scope = NewDisposeScope();
        (Expert.Projected a, Expert.Projected b) = (_a.Project(patches), _b.Project(queries));
        Tensor mixed = Attend(cat([a.Query, b.Query], 1), a, b);                                    // [n, patches + queries, width]
        Tensor ofPatches = mixed.narrow(1, 0, patches.shape[1]);
        Tensor ofQueries = mixed.narrow(1, patches.shape[1], queries.shape[1]);
        return (_a.Finish(patches, ofPatches).MoveToOuterDisposeScope(), _b.Finish(queries, ofQueries).MoveToOuterDisposeScope());
    }

    /// <summary>As <see cref="Run"/> for the last layer, of which only the queries are read: the patches are not computed.</summary>
    public Tensor RunQueries(Tensor patches, Tensor queries)
    {
        using var scope = NewDisposeScope();
        (Expert.Projected a, Expert.Projected b) = (_a.Project(patches, withQuery: false), _b.Project(queries));
        return _b.Finish(queries, Attend(b.Query, a, b)).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor query, Expert.Projected a, Expert.Projected b)
    {
        Tensor mixed = nn.functional.scaled_dot_product_attention(
            Split(query), Split(cat([a.Key, b.Key], 1)), Split(cat([a.Value, b.Value], 1)));
        return mixed.transpose(1, 2).reshape(query.shape);

        Tensor Split(Tensor t) => t.view(t.shape[0], t.shape[1], _config.Heads, _config.HiddenSize / _config.Heads).transpose(1, 2);
    }

    private Scope Pair(Func<Expert, nn.Module> part)
    {
        var pair = new Scope("pair");
        pair.Add("A", part(_a));
        pair.Add("B", part(_b));
        return pair;
    }

    /// <summary>The maps and norms of one kind of tokens.</summary>
    private sealed class Expert
    {
        private readonly Linear _first, _second;
        private readonly LayerNorm _innerFeedForwardNorm;

        public Expert(Beit3Config config)
        {
            long width = config.HiddenSize;
            (Key, Value, Query, Output) = (new(width, width, true), new(width, width, true), new(width, width, true), new(width, width, true));
            (_first, _second) = (new(width, config.FeedForwardSize, true), new(config.FeedForwardSize, width, true));
            (InnerNorm, AttentionNorm, FeedForwardNorm) = (Norm(width), Norm(width), Norm(width));
            _innerFeedForwardNorm = Norm(config.FeedForwardSize);
            FeedForward = new Scope("ffn");
            FeedForward.Add("fc1", _first);
            FeedForward.Add("fc2", _second);
            FeedForward.Add("ffn_layernorm", _innerFeedForwardNorm);

            LayerNorm Norm(long size) => new(size, config.NormEpsilon);
        }

        public Linear Key { get; }

        public Linear Value { get; }

        public Linear Query { get; }

        public Linear Output { get; }

        public LayerNorm InnerNorm { get; }

        public LayerNorm AttentionNorm { get; }

        public LayerNorm FeedForwardNorm { get; }

        public Scope FeedForward { get; }

        public Projected Project(Tensor x, bool withQuery = true)
        {
            Tensor normed = AttentionNorm.call(x);
            return new Projected(withQuery ? Query.call(normed) : normed, Key.call(normed), Value.call(normed));
        }

        /// <summary>What follows attention: both residual sums.</summary>
        public Tensor Finish(Tensor x, Tensor mixed)
        {
            Tensor attended = x.Plus(Output.call(InnerNorm.call(mixed)));
            Tensor inner = nn.functional.gelu(_first.call(FeedForwardNorm.call(attended)));                  // exact, by erf
            return attended.Plus(_second.call(_innerFeedForwardNorm.call(inner)));
        }

        public readonly record struct Projected(Tensor Query, Tensor Key, Tensor Value);
    }
}
