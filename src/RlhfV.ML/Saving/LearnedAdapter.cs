namespace RlhfV.ML.Saving;

/// <summary>Low-rank corrections of a fitted model, in files of their own, and where the weights lie that they belong to.</summary>
/// <param name="BaseFolder">The folder of the base model.</param>
/// <param name="Folder">The folder with the corrections; deleted with this object.</param>
internal sealed record LearnedAdapter(string BaseFolder, string Folder) : IDisposable
{
    /// <summary>A place for corrections that are about to be learned.</summary>
    public static LearnedAdapter Begin(string baseFolder) => new(baseFolder, Directory.CreateTempSubdirectory("rlhfv-adapter-").FullName);

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}
