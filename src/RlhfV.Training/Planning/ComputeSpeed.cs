using System.Diagnostics;
using static TorchSharp.torch;

namespace RlhfV.Training.Planning;

/// <summary>How fast a device multiplies matrices.</summary>
internal static class ComputeSpeed
{
    // Large enough to keep every core busy, small enough to be over soon.
    private const int Size = 768;
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(40);

    /// <summary>Multiplies for a moment.</summary>
    /// <param name="device">The device.</param>
    /// <param name="type">The type of the weights.</param>
    /// <returns>Floating-point operations per second; never 0.</returns>
    public static double Measure(Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor a = ones([Size, Size], dtype: type, device: device);
        Once();                                     // kernels are chosen, and threads start, with the first call
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        do
        {
            Once();
            done++;
        }
        while (Stopwatch.GetElapsedTime(start) < Budget);
        return 2.0 * Size * Size * Size * done / Stopwatch.GetElapsedTime(start).TotalSeconds;

        // Reading one number waits for the device.
        void Once()
        {
            using Tensor product = a.matmul(a);
            using Tensor one = product[0, 0].to(ScalarType.Float32).cpu();
            one.item<float>();
        }
    }
}
