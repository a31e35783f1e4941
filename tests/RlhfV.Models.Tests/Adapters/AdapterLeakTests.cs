using RlhfV.Models.Tests.Checkpoints;
using RlhfV.Models.Tests.Generation;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Adapters;

/// <summary>Counts the process's tensors, so nothing may run beside it.</summary>
[Collection(nameof(GenerationLeakTests))]
public sealed class AdapterLeakTests
{
    [Fact]
    public void Load_WithAdapter_LeavesNoTensorBehind()
    {
        using var folder = new TemporaryFolder();
        using (VisionLanguageModel model = TinyLlava.Load())
        {
            TinyAdapter.Write(folder.Root, model.Network);
        }

        // TorchSharp counts a tensor that became a parameter once more than it frees it, so that two loads are compared.
        long plain = CountOf(() => TinyLlava.Load().Dispose());
        long adapted = CountOf(() => VisionLanguageModel.Load(TinyLlava.Folder, new() { AdapterPath = folder.Root }).Dispose());

        Assert.Equal(plain, adapted);
    }

    private static long CountOf(Action load)
    {
        // Collected before as well: what earlier tests left is no part of it.
        long before = Collected();
        load();
        return Collected() - before;
    }

    private static long Collected()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
