namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Reads what <c>torch.save</c> writes since PyTorch 1.6: an uncompressed zip archive with <c>NAME/data.pkl</c>, which describes the
/// tensors, and <c>NAME/data/KEY</c>, one entry per storage.
/// </summary>
internal static class TorchZip
{
    private const long MostPickleBytes = 256L << 20;
    private const string PickleName = "/data.pkl";

    /// <summary>The tensors of a file.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or holds something else than tensors.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> ReadDirectory(CheckpointFile file)
    {
        var zip = new ZipDirectory(file);
        string pickle = zip.Names.FirstOrDefault(IsPickle) ?? throw new ModelFormatException(
            $"'{file.Path}' is a zip archive without NAME{PickleName}, so it is not a PyTorch checkpoint.");
        string root = pickle[..^(PickleName.Length - 1)];
        CheckByteOrder(file, zip, root + "byteorder");

        var (offset, length) = zip.Locate(pickle);
        byte[] stream = file.ReadPart(offset, length, MostPickleBytes, "pickle stream");
        var objects = new TorchPickle(key => zip.Locate($"{root}data/{key}"), file);
        return objects.ToTensors(new PickleMachine(stream, objects, file.Path).Run());
    }

    // Directly below the one folder at the top, whatever its name.
    private static bool IsPickle(string entry) =>
        entry.EndsWith(PickleName, StringComparison.Ordinal) && entry.IndexOf('/') == entry.Length - PickleName.Length;

    private static void CheckByteOrder(CheckpointFile file, ZipDirectory zip, string entry)
    {
        if (!zip.Names.Contains(entry))
            return;
        var (offset, length) = zip.Locate(entry);
        if (length != 6 || !file.ReadPart(offset, length, 6, "byte order").AsSpan().SequenceEqual("little"u8))
            throw new ModelFormatException(
                $"'{file.Path}' was written on a big-endian machine, expected little-endian. Save it again on another.");
    }
}
