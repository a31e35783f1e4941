namespace RlhfV.Models.Native;

/// <summary>Reads which symbol versions the system libraries that are loaded into this process offer.</summary>
internal static class SystemLibraryVersions
{
    /// <summary>The requirements of an object that the loaded libraries do not meet, as "VERSION of LIBRARY".</summary>
    public static IReadOnlyList<string> Unmet(ElfImage image, IReadOnlyDictionary<string, string> loaded) =>
        Unmet(
            image,
            library => loaded.TryGetValue(library, out string? path) ? ElfImage.Parse(File.ReadAllBytes(path), path).Defines : null);

    /// <summary>The requirements that are not met, given what each library defines (null when it is absent).</summary>
    public static IReadOnlyList<string> Unmet(ElfImage image, Func<string, IReadOnlyList<string>?> definesOf)
    {
        var unmet = new List<string>();
        foreach (var library in image.Needs.GroupBy(n => n.Library))
        {
            if (definesOf(library.Key) is { } defines)
                unmet.AddRange(library.Select(n => n.Version).Except(defines).Select(v => $"{v} of {library.Key}"));
            else
                unmet.Add(library.Key);
        }

        return unmet;
    }

    /// <summary>The shared objects mapped into this process, by file name.</summary>
    public static IReadOnlyDictionary<string, string> Loaded()
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int slash = line.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !line.Contains(".so", StringComparison.Ordinal))
                continue;
            string path = line[slash..];
            if (File.Exists(path))
                paths.TryAdd(SharedName(Path.GetFileName(path)), path);
        }

        return paths;
    }

    // libstdc++.so.6.0.30 is asked for as libstdc++.so.6.
    private static string SharedName(string file)
    {
        int so = file.IndexOf(".so.", StringComparison.Ordinal);
        int dot = so < 0 ? -1 : file.IndexOf('.', so + 4);
        return dot < 0 ? file : file[..dot];
    }
}
