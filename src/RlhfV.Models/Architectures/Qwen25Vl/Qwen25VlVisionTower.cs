using RlhfV.Models.Images;
using RlhfV.Models.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Architectures.Qwen25Vl;

/// <summary>
/// Qwen2.5-VL's vision transformer for pictures of any size (arXiv 2502.13923, section 2.1.1): most layers attend within windows, some over
/// the whole picture. Holds the merger as well, which checkpoints keep under the tower's name.
/// </summary>
internal sealed class Qwen25VlVisionTower : NamedModule
{
    /// <summary>Epsilon of the tower's norms: fixed in the reference, whatever the configuration says.</summary>
    public const double NormEpsilon = 1e-6;

    private readonly Qwen25VlVisionConfig _config;
    private readonly Parameter _patch;
    private readonly Qwen25VlVisionBlock[] _blocks;

    public Qwen25VlVisionTower(Qwen25VlVisionConfig config)
        : base(nameof(Qwen25VlVisionTower))
    {
        _config = config;
        _patch = new Parameter(empty([config.HiddenSize, 3, config.TemporalPatchSize, config.PatchSize, config.PatchSize]));
        _blocks = [.. Enumerable.Range(0, config.Layers).Select(_ => new Qwen25VlVisionBlock(config))];
        Merger = new PatchMerger(config);
        var convolution = new Scope("proj");
        convolution.Add("weight", _patch);
        var embedding = new Scope("patch_embed");
        embedding.Add("proj", convolution);
        register_module("patch_embed", embedding);
        register_module("blocks", nn.ModuleList(_blocks));
        register_module("merger", Merger);
    }

    /// <summary>The connector.</summary>
    public PatchMerger Merger { get; }

    /// <summary>
    /// Patches that pictures of one pass have together, so that many pictures take no more memory than a large one; a larger picture runs alone.
    /// </summary>
    /// <value>The default is 16,384: 225 MB for each of the three tensors inside a published feed-forward block, in fp32.</value>
    public long PatchesPerPass { get; set; } = 16_384;

    /// <summary>Runs the tower over pictures of one size, as many at a time as <see cref="PatchesPerPass"/> allows.</summary>
    /// <param name="pixels">As <see cref="Run"/>.</param>
    /// <param name="grid">As <see cref="Run"/>.</param>
    /// <returns>As <see cref="Run"/>.</returns>
    public Tensor Encode(Tensor pixels, ImageGrid grid)
    {
        Check(pixels, grid);
        long together = Math.Max(1, PatchesPerPass / pixels.shape[1]);
        if (pixels.shape[0] <= together)
        {
            return Run(pixels, grid);
        }

        using var scope = NewDisposeScope();
        return cat([.. pixels.split(together).Select(part => Run(part, grid))], 0).MoveToOuterDisposeScope();
    }

    /// <summary>Runs the tower in one pass.</summary>
    /// <param name="pixels">Pictures as patches, block by block, <c>[images, patches, values of a patch]</c>.</param>
    /// <param name="grid">Rows and columns of patches of each picture.</param>
    /// <param name="visit">
    /// Called with the output after each number of layers, 0 being the embeddings; for comparison with the reference. What it is given lives
    /// only during the call.
    /// </param>
    /// <returns>Features of the patches, block by block, <c>[images, patches, width]</c>.</returns>
    public Tensor Run(Tensor pixels, ImageGrid grid, Action<int, Tensor>? visit = null)
    {
        Check(pixels, grid);
        using var scope = NewDisposeScope();
        int merge = _config.MergeSize, block = _config.PatchesPerToken;
        VisionWindows windows = VisionWindows.Of(grid.Rows / merge, grid.Columns / merge, _config.WindowBlocks);
        (long, long)[] within = [.. windows.Groups.Select(group => ((long)group.Windows, (long)group.Blocks * block))];
        (long, long)[] everywhere = [(1, pixels.shape[1])];
        Tensor order = tensor([.. windows.Order.SelectMany(b => Enumerable.Range(0, block).Select(i => (b * block) + i))], device: pixels.device);
        Tensor back = order.argsort();
        RotaryEmbedding.Angles angles = VisionRotary.At(grid, merge, _config.HiddenSize / _config.Heads, pixels.device);
        angles = new(angles.Cosine.index_select(2, order), angles.Sine.index_select(2, order));

        // The steps of the convolution do not overlap, so it is a matrix product.
        Tensor x = LinearProduct.Of(pixels.to(_patch.dtype), _patch.flatten(1), null).index_select(1, order);   // [n, patches, width]
        Visit(0);
        for (int i = 0; i < _blocks.Length; i++)
        {
            Tensor next = _blocks[i].Run(x, angles, _config.FullAttentionLayers.Contains(i) ? everywhere : within);
            x.Dispose();
            x = next;
            Visit(i + 1);
        }

        return x.index_select(1, back).MoveToOuterDisposeScope();

        void Visit(int layers)
        {
            if (visit is not null)
            {
                using Tensor straight = x.index_select(1, back);
                visit(layers, straight);
            }
        }
    }

    private void Check(Tensor pixels, ImageGrid grid)
    {
        if (grid.Frames != 1 || grid.Rows < 1 || grid.Columns < 1 || grid.Rows % _config.MergeSize != 0 || grid.Columns % _config.MergeSize != 0)
        {
            throw new ArgumentException(
                $"The pictures are divided as {grid}; expected one frame, and rows and columns in multiples of {_config.MergeSize}.", nameof(grid));
        }

        if (pixels.dim() != 3 || pixels.shape[1] != (long)grid.Rows * grid.Columns || pixels.shape[2] != _config.PatchValues)
        {
            throw new ArgumentException(
                $"Pictures have shape [{string.Join(", ", pixels.shape)}]; expected [images, {(long)grid.Rows * grid.Columns}, {_config.PatchValues}] "
                + $"for {grid}.", nameof(pixels));
        }
    }
}
