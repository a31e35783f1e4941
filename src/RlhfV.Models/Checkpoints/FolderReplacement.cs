namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Writes a model's folder whole or not at all: files go to a folder beside the target, <see cref="Commit"/> puts it in the target's
/// place, and disposing without it removes what was written. What stands in the target and is no model's stays.
/// </summary>
internal sealed class FolderReplacement : IDisposable
{
    private readonly string _target;
    private bool _committed;

    public FolderReplacement(string target)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(_target))
        {
            throw new IOException($"'{_target}' is a file; expected a folder or nothing.");
        }

        ModelFiles.RequireReplaceable(_target);
        Folder = $"{_target}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(Folder);
    }

    /// <summary>The folder to write into.</summary>
    public string Folder { get; }

    public void Commit()
    {
        string? old = null;
        if (Directory.Exists(_target))
        {
            old = $"{_target}.{Guid.NewGuid():N}.old";
            Directory.Move(_target, old);
        }

        Directory.Move(Folder, _target);
        _committed = true;
        if (old is not null)
        {
            // What the new model brought itself is its own, whatever its name.
            foreach (FileSystemInfo other in ModelFiles.Others(old).Where(other => !Path.Exists(Path.Combine(_target, other.Name))).ToArray())
            {
                Keep(other);
            }

            Directory.Delete(old, recursive: true);
        }
    }

    private void Keep(FileSystemInfo other)
    {
        string place = Path.Combine(_target, other.Name);
        if (other is DirectoryInfo folder)
        {
            folder.MoveTo(place);
        }
        else
        {
            ((FileInfo)other).MoveTo(place);
        }
    }

    public void Dispose()
    {
        if (!_committed && Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
