using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>Reads stored elements into a tensor: straight into its memory where types agree, else through one small buffer.</summary>
internal static class StoredTensorReader
{
    // Large enough to be quick, small enough to stay in the processor's cache between reading and converting.
    private const int BufferBytes = 4 << 20;

    // A span cannot be longer than 2 GiB, a tensor can.
    private const int DirectBytes = 1 << 30;

    /// <summary>Fills <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">Shape or type do not fit.</exception>
    /// <exception cref="ModelFormatException">The file has become shorter or cannot be read any more.</exception>
    public static void Read(StoredTensor stored, Tensor destination)
    {
        CheckFits(stored, destination);
        if (stored.Info.Count == 0)
            return;

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (stored.Strides is not null)
            ReadStrided(stored, stored.Strides, destination);
        else if (!destination.is_contiguous())
            destination.copy_(ReadAll(stored, stored.Info.Count).view(destination.shape));
        else if (destination.dtype == stored.Info.Type && destination.device_type == TorchSharp.DeviceType.CPU)
            ReadDirectly(stored, destination.view(-1));
        else
            ReadConverted(stored, destination.view(-1));
    }

    private static void CheckFits(StoredTensor stored, Tensor destination)
    {
        var info = stored.Info;
        if (!destination.shape.SequenceEqual(info.Shape))
            throw new ArgumentException(
                $"'{info.Name}' in '{stored.File.Path}' has shape [{string.Join(", ", info.Shape)}], expected " +
                $"[{string.Join(", ", destination.shape)}].", nameof(destination));
        if (destination.dtype != info.Type && !(ElementTypes.IsFloatingPoint(destination.dtype) && ElementTypes.IsFloatingPoint(info.Type)))
            throw new ArgumentException(
                $"'{info.Name}' in '{stored.File.Path}' has type {info.Type}, expected {destination.dtype}; " +
                "only floating-point types are converted.",
                nameof(destination));
    }

    private static void ReadDirectly(StoredTensor stored, Tensor flat)
    {
        int size = ElementTypes.Size(stored.Info.Type);
        ForEachPart(flat.shape[0], DirectBytes / size, (start, count) =>
        {
            using var part = flat.narrow(0, start, count);
            stored.File.Read(part.bytes, stored.Offset + (start * size));
        });
    }

    private static void ReadConverted(StoredTensor stored, Tensor flat)
    {
        int size = ElementTypes.Size(stored.Info.Type);
        using var buffer = empty(Math.Min(flat.shape[0], BufferBytes / size), dtype: stored.Info.Type, device: CPU);
        ForEachPart(flat.shape[0], buffer.shape[0], (start, count) =>
        {
            using var source = buffer.narrow(0, 0, count);
            using var target = flat.narrow(0, start, count);
            stored.File.Read(source.bytes, stored.Offset + (start * size));
            target.copy_(source);
        });
    }

    // Tensors whose elements do not follow each other (a transposed weight, saved as such) are rare: the stretch they span is read whole.
    private static void ReadStrided(StoredTensor stored, IReadOnlyList<long> strides, Tensor destination)
    {
        long span = 1 + stored.Info.Shape.Zip(strides, (size, stride) => (size - 1) * stride).Sum();
        destination.copy_(ReadAll(stored, span).as_strided([.. stored.Info.Shape], [.. strides]));
    }

    private static Tensor ReadAll(StoredTensor stored, long count)
    {
        var all = empty(count, dtype: stored.Info.Type, device: CPU);
        ReadDirectly(stored, all);
        return all;
    }

    private static void ForEachPart(long total, long most, Action<long, long> read)
    {
        for (long start = 0; start < total; start += most)
            read(start, Math.Min(most, total - start));
    }
}
