using System.IO.Compression;
using System.Xml.Linq;

namespace RlhfV.Packages.Tests.Packing;

/// <summary>A package as it lies in a feed.</summary>
internal sealed class PackageArchive : IDisposable
{
    private readonly ZipArchive _zip;

    public PackageArchive(string path)
    {
        Size = new FileInfo(path).Length;
        _zip = ZipFile.OpenRead(path);
        using Stream nuspec = _zip.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        Metadata = Child(XDocument.Load(nuspec).Root!, "metadata")!;
    }

    /// <summary>Size of the package in bytes.</summary>
    public long Size { get; }

    /// <summary>The nuspec's metadata.</summary>
    public XElement Metadata { get; }

    /// <summary>The files that the package brings, without those of the container format.</summary>
    public IEnumerable<string> Files => _zip.Entries.Select(e => e.FullName)
        .Where(n => n != "[Content_Types].xml" && !n.StartsWith("_rels/", StringComparison.Ordinal)
            && !n.StartsWith("package/", StringComparison.Ordinal) && !n.EndsWith(".nuspec", StringComparison.Ordinal));

    /// <summary>The text of an element of the metadata; null without it.</summary>
    public string? Value(string element) => Child(Metadata, element)?.Value;

    /// <summary>The dependency groups: target framework, then ids with versions.</summary>
    public IEnumerable<(string Framework, Dictionary<string, string> Dependencies)> DependencyGroups =>
        Child(Metadata, "dependencies")!.Elements().Select(group => (
            group.Attribute("targetFramework")!.Value,
            group.Elements().ToDictionary(d => d.Attribute("id")!.Value, d => d.Attribute("version")!.Value)));

    public byte[] Read(string file)
    {
        using Stream stream = _zip.GetEntry(file)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    public string ReadText(string file) => System.Text.Encoding.UTF8.GetString(Read(file));

    public void Dispose() => _zip.Dispose();

    private static XElement? Child(XElement element, string name) => element.Elements().SingleOrDefault(e => e.Name.LocalName == name);
}
