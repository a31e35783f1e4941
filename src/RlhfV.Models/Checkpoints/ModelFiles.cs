using System.IO.Enumeration;
using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Checkpoints;

/// <summary>Which files of a folder are a model's, so that saving another one there takes their place.</summary>
internal static class ModelFiles
{
    private static readonly string[] Names =
    [
        "config.json", "generation_config.json",
        "model*.safetensors", "model.safetensors.index.json", "pytorch_model*.bin", "pytorch_model.bin.index.json",
        ImageProcessor.FileName, .. TokenizerFiles.Names,
    ];

    /// <summary>What stands in a folder and is no model's: folders, and files of other names.</summary>
    public static IEnumerable<FileSystemInfo> Others(string folder) => new DirectoryInfo(folder).EnumerateFileSystemInfos()
        .Where(entry => entry is not FileInfo || !Names.Any(name => FileSystemName.MatchesSimpleExpression(name, entry.Name)));

    /// <summary>Refuses a folder that holds something but no model.</summary>
    /// <exception cref="IOException">It does.</exception>
    public static void RequireReplaceable(string folder)
    {
        if (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, "config.json")) && Others(folder).FirstOrDefault() is { } other)
        {
            throw new IOException(
                $"'{folder}' holds '{other.Name}' and no config.json, so it is no model's folder. Name a folder of the model's own, for example one in it.");
        }
    }
}
