using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using RlhfV.Packages.Tests.Support;

namespace RlhfV.Packages.Tests.Packing;

public sealed class PackageTests(PackedPackages packages)
{
    public static TheoryData<string> Ids => [.. ExpectedPackage.All.Select(p => p.Id)];

    public static TheoryData<string> LibraryIds => [.. ExpectedPackage.All.Where(p => p.HasLibrary).Select(p => p.Id)];

    [Fact]
    public void Pack_MakesOnePackagePerProjectAndNoWarnings()
    {
        string[] projects = [.. Directory.GetDirectories(RepositoryFolder.Path("src")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(projects, ExpectedPackage.All.Select(p => p.Id).Order(StringComparer.Ordinal));
        Assert.Equal(projects.Length, Directory.GetFiles(packages.Folder, "*.nupkg").Length);
        Assert.All(projects, id => Assert.True(File.Exists(packages.PackageFile(id)), $"{id} was not packed."));
        Assert.DoesNotContain("warning", packages.Log, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_DescribesItself(string id)
    {
        using var package = new PackageArchive(packages.PackageFile(id));
        Assert.Equal(id, package.Value("id"));
        Assert.Equal(packages.Version, package.Value("version"));
        Assert.Equal("RLHF-V for .NET contributors", package.Value("authors"));
        Assert.EndsWith(".", package.Value("description"), StringComparison.Ordinal);
        Assert.DoesNotContain(". ", package.Value("description"), StringComparison.Ordinal);
        Assert.Contains("rlhf-v", package.Value("tags")!.Split(' '));
        XElement license = package.Metadata.Elements().Single(e => e.Name.LocalName == "license");
        Assert.Equal(("expression", "MIT"), (license.Attribute("type")!.Value, license.Value));
        Assert.Equal("icon.png", package.Value("icon"));
        Assert.Equal([0x89, .. "PNG"u8], package.Read("icon.png")[..4]);
        Assert.Contains("CHANGELOG.md", package.Value("releaseNotes"), StringComparison.Ordinal);
        Assert.Contains($"## {packages.Version.Split('-')[0]} ", package.ReadText("CHANGELOG.md"), StringComparison.Ordinal);
        Assert.Equal("README.md", package.Value("readme"));
        Assert.StartsWith($"# {id}\n", package.ReadText("README.md"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_DependsOnWhatItShould(string id)
    {
        using var package = new PackageArchive(packages.PackageFile(id));
        (string framework, Dictionary<string, string> found) = Assert.Single(package.DependencyGroups);
        Assert.Equal("net10.0", framework);

        // Central pinning repeats the packages that our own dependencies bring; the meta-package names our own and nothing else.
        ExpectedPackage expected = ExpectedPackage.Of(id);
        IEnumerable<string> repeated = expected.HasLibrary ? Inherited(expected).Except(expected.Dependencies) : [];
        Assert.Equal(expected.Dependencies.Order(StringComparer.Ordinal), found.Keys.Except(repeated).Order(StringComparer.Ordinal));

        Assert.All(found, pair => Assert.Equal(PackageVersions.Central.GetValueOrDefault(pair.Key, packages.Version), pair.Value));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_HoldsNothingButItsLibrary(string id)
    {
        ExpectedPackage expected = ExpectedPackage.Of(id);
        using var package = new PackageArchive(packages.PackageFile(id));
        string[] library = expected.HasLibrary ? [$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"] : [];
        string[] files = [.. library, "CHANGELOG.md", "README.md", "icon.png", .. expected.ExtraFiles];
        Assert.Equal(files.Order(StringComparer.Ordinal), package.Files.Order(StringComparer.Ordinal));
        Assert.InRange(package.Size, 1, expected.MaxKilobytes * 1024L);
    }

    [Theory]
    [MemberData(nameof(LibraryIds))]
    public void Package_DocumentsItsTypes(string id)
    {
        using var package = new PackageArchive(packages.PackageFile(id));
        XElement root = XDocument.Parse(package.ReadText($"lib/net10.0/{id}.xml")).Root!;
        Assert.Equal(id, root.Element("assembly")!.Element("name")!.Value);
        var documented = root.Element("members")!.Elements().Select(m => m.Attribute("name")!.Value).ToHashSet();
        Assert.All(PublicTypes(package.Read($"lib/net10.0/{id}.dll")), type => Assert.Contains("T:" + type, documented));
    }

    [Theory]
    [MemberData(nameof(LibraryIds))]
    public void SymbolPackage_BelongsToTheLibrary(string id)
    {
        using var package = new PackageArchive(packages.PackageFile(id));
        using var symbols = new PackageArchive(packages.SymbolFile(id));
        Assert.Equal([$"lib/net10.0/{id}.pdb"], symbols.Files);
        using var library = new PEReader(new MemoryStream(package.Read($"lib/net10.0/{id}.dll")));
        using var reader = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Read($"lib/net10.0/{id}.pdb")));
        DebugDirectoryEntry entry = library.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView);
        Assert.Equal(library.ReadCodeViewDebugDirectoryData(entry).Guid, new BlobContentId(reader.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
    }

    [Fact]
    public void MetaPackage_HasNoSymbolPackage() =>
        Assert.All(ExpectedPackage.All, p => Assert.Equal(p.HasLibrary, File.Exists(packages.SymbolFile(p.Id))));

    private static IEnumerable<string> Inherited(ExpectedPackage package) => package.Dependencies
        .Where(d => d.StartsWith("RlhfV.", StringComparison.Ordinal))
        .Select(ExpectedPackage.Of)
        .SelectMany(p => p.Dependencies.Concat(Inherited(p)));

    private static IEnumerable<string> PublicTypes(byte[] library)
    {
        using var file = new PEReader(new MemoryStream(library));
        MetadataReader reader = file.GetMetadataReader();
        return
        [
            .. reader.TypeDefinitions.Select(reader.GetTypeDefinition)
                .Where(t => (t.Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public)
                .Select(t => $"{reader.GetString(t.Namespace)}.{reader.GetString(t.Name)}"),
        ];
    }
}
