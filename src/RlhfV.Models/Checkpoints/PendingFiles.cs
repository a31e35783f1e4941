namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Files that are written under temporary names beside their targets and get their names together, when all of them are whole. What was not
/// committed is removed on disposal, and so is the folder if it was made for these files.
/// </summary>
internal sealed class PendingFiles : IDisposable
{
    private readonly string _folder;
    private readonly bool _madeFolder;
    private readonly List<(string Temporary, string Target)> _files = [];
    private bool _committed;

    /// <summary>Makes the folder if it is not there.</summary>
    public PendingFiles(string folder)
    {
        _folder = folder;
        _madeFolder = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
    }

    /// <summary>The path under which the file of this name is to be written for now.</summary>
    public string Add(string fileName)
    {
        string temporary = Path.Combine(_folder, $".{fileName}.{Guid.NewGuid():N}.tmp");
        _files.Add((temporary, Path.Combine(_folder, fileName)));
        return temporary;
    }

    /// <summary>Gives the files their names, in the order in which they were added.</summary>
    public void Commit()
    {
        foreach (var (temporary, target) in _files)
            File.Move(temporary, target, overwrite: true);
        _committed = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_committed)
            return;
        foreach (var (temporary, _) in _files)
            File.Delete(temporary);
        if (_madeFolder && !Directory.EnumerateFileSystemEntries(_folder).Any())
            Directory.Delete(_folder);
    }
}
