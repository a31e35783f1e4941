namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Recognises the few lines that stand in a clone for a large file when Git's LFS extension was not there to fetch it
/// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
/// </summary>
internal static class GitLfsPointer
{
    /// <summary>No pointer is longer.</summary>
    public const int MostBytes = 1024;

    private static ReadOnlySpan<byte> Beginning => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>Refuses a pointer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content, or the beginning of it.</param>
    /// <exception cref="ModelFormatException">The file is a pointer.</exception>
    public static void Refuse(string path, ReadOnlySpan<byte> content)
    {
        if (content.StartsWith(Beginning))
        {
            throw new ModelFormatException(
                $"'{path}' is not the file itself but a Git LFS pointer to it; expected its content. Install Git LFS and run 'git lfs pull' in the folder, or "
                + "download the file from where the model was published.");
        }
    }
}
