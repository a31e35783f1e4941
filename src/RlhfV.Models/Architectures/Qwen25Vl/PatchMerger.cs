using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>The connector: the normed patches of a block side by side, then linear, exact GELU, linear.</summary>
internal sealed class PatchMerger : NamedLayer
{
    private readonly int _patches;
    private readonly RmsNorm _norm;
    private readonly Linear _first, _second;

    public PatchMerger(Qwen25VlVisionConfig config)
        : base(nameof(PatchMerger))
    {
        _patches = config.PatchesPerToken;
        long merged = config.HiddenSize * _patches;
        _norm = new RmsNorm(config.HiddenSize, Qwen25VlVisionTower.NormEpsilon);
        (_first, _second) = (new(merged, merged, bias: true), new(merged, config.OutputSize, bias: true));
        var steps = new Scope("mlp");
        steps.Add("0", _first);
        steps.Add("2", _second);
        register_module("ln_q", _norm);
        register_module("mlp", steps);
    }

    /// <summary>Merges.</summary>
    /// <param name="input">Features of patches, block by block, <c>[images, patches, width]</c>.</param>
    /// <returns>One feature per block, <c>[images, blocks, decoder's width]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor blocks = _norm.call(input).reshape(input.shape[0], input.shape[1] / _patches, _patches * input.shape[2]);
        return _second.call(nn.functional.gelu(_first.call(blocks))).MoveToOuterDisposeScope();
    }
}
