using Microsoft.Win32.SafeHandles;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// A file that is read at given places. Plain reads instead of a memory map: a file that shrinks under a map kills the process, here it is
/// an exception like any other.
/// </summary>
internal sealed class CheckpointFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private CheckpointFile(string path, SafeFileHandle handle, long length) => (Path, _handle, Length) = (path, handle, length);

    /// <summary>The path, as given.</summary>
    public string Path { get; }

    /// <summary>The length when it was opened, in bytes.</summary>
    public long Length { get; }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="ModelFormatException">The file is a Git LFS pointer.</exception>
    public static CheckpointFile Open(string path)
    {
        var handle = File.OpenHandle(path, share: FileShare.Read | FileShare.Delete);
        try
        {
            var file = new CheckpointFile(path, handle, RandomAccess.GetLength(handle));
            if (file.Length <= GitLfsPointer.MostBytes)
                GitLfsPointer.Refuse(path, file.ReadPart(0, file.Length, GitLfsPointer.MostBytes, "content"));
            return file;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="target"/> from <paramref name="offset"/> on.</summary>
    /// <exception cref="ModelFormatException">The file ends earlier, or cannot be read any more.</exception>
    public void Read(Span<byte> target, long offset)
    {
        for (int done = 0; done < target.Length;)
        {
            int read;
            try
            {
                read = RandomAccess.Read(_handle, target[done..], offset + done);
            }
            catch (IOException e)
            {
                throw new ModelFormatException($"'{Path}' could not be read at byte {offset + done}: {e.Message}", e);
            }

            if (read == 0)
                throw new ModelFormatException(
                    $"'{Path}' ends at byte {offset + done}, expected {target.Length - done} more. " +
                    "It is truncated; fetch or copy it again.");
            done += read;
        }
    }

    /// <summary>Reads a part whose length comes from the file itself and so is checked against it before anything is allocated.</summary>
    /// <exception cref="ModelFormatException">The part lies outside the file or is longer than <paramref name="limit"/>.</exception>
    public byte[] ReadPart(long offset, long length, long limit, string what)
    {
        if (offset < 0 || length < 0 || length > Length || offset > Length - length)
            throw new ModelFormatException(
                $"'{Path}': the {what} should take {length} bytes at {offset}, but the file has {Length}. It is damaged or truncated; fetch or copy it again.");
        if (length > limit)
            throw new ModelFormatException($"'{Path}': the {what} takes {length} bytes, more than the {limit} that are accepted.");
        byte[] bytes = new byte[length];
        Read(bytes, offset);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
