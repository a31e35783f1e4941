using System.Text.RegularExpressions;

namespace RlhfV.Training.Runs;

/// <summary>
/// What a process that was killed while it wrote leaves behind: files and folders under their unfinished names, of a large model many
/// gigabytes. A name ends in the 32 digits that made it unique, so nobody else's file is taken for one.
/// </summary>
internal static partial class Leftovers
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None };

    /// <summary>Removes them from a run's folder and the folders in it. Only for who holds the folder's lock.</summary>
    /// <param name="run">The run's folder.</param>
    public static void Remove(string run)
    {
        foreach (string entry in Unfinished(run))
        {
            Delete(entry);
        }

        foreach (string folder in Directory.GetDirectories(run))
        {
            foreach (string entry in Unfinished(folder))
            {
                Delete(entry);
            }
        }
    }

    private static string[] Unfinished(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", Everything).Where(entry => Name().IsMatch(Path.GetFileName(entry.AsSpan())))];

    private static void Delete(string entry)
    {
        if (Directory.Exists(entry))
        {
            Directory.Delete(entry, recursive: true);
        }
        else
        {
            File.Delete(entry);
        }
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.(tmp|old)$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
