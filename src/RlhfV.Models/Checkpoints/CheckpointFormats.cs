namespace RlhfV.Models.Checkpoints;

/// <summary>Finds the checkpoint in a folder and tells the formats apart by their first bytes.</summary>
internal static class CheckpointFormats
{
    // In the order in which the Hugging Face libraries prefer them.
    private static readonly string[] FolderNames =
        [CheckpointNames.Single, CheckpointNames.Index, "pytorch_model.bin", "pytorch_model.bin.index.json"];

    private const byte PickleProtocol = 0x80;

    /// <summary>Opens a folder or file.</summary>
    public static TensorSource Open(string folderOrFile)
    {
        string path = Directory.Exists(folderOrFile) ? FindIn(folderOrFile) : folderOrFile;
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return ShardIndex.Open(path);

        var file = CheckpointFile.Open(path);
        try
        {
            return new StoredTensorSource(ReadDirectory(file), [file]);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The tensors of one file.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or of another format.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> ReadDirectory(CheckpointFile file)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(4, file.Length)];
        file.Read(start, 0);
        if (start.SequenceEqual("PK\u0003\u0004"u8))
            return TorchZip.ReadDirectory(file);
        if (start.Length > 1 && start[0] == PickleProtocol)
            throw new ModelFormatException(
                $"'{file.Path}' is in the format that PyTorch wrote before version 1.6, expected its zip format or safetensors. " +
                "Load it with PyTorch and save it again with safetensors.torch.save_file or torch.save.");
        if (IsWebPage(start))
            throw new ModelFormatException(
                $"'{file.Path}' is a web page, expected weights. Downloads that need a login or name a missing file give such a page: fetch the file itself.");
        return SafetensorsHeader.Read(file);
    }

    // As the lower half of a safetensors header's length, any of them would be more than the format allows.
    private static bool IsWebPage(ReadOnlySpan<byte> start) =>
        start.SequenceEqual("<!DO"u8) || start.SequenceEqual("<!do"u8) || start.SequenceEqual("<htm"u8) || start.SequenceEqual("<HTM"u8);

    /// <summary>Whether a folder holds a checkpoint under one of the names that are looked for.</summary>
    public static bool IsIn(string folder) => Array.Exists(FolderNames, name => File.Exists(Path.Combine(folder, name)));

    private static string FindIn(string folder) =>
        FolderNames.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"'{folder}' holds no weights; expected one of {string.Join(", ", FolderNames)}. {FolderAdvice.WithoutWeights(folder)}",
                Path.Combine(folder, CheckpointNames.Single));
}
