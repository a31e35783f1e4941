using RlhfV.Extensions.AI.Requests;

namespace RlhfV.Extensions.AI.Tests.Requests;

/// <summary>Which files messages may name, in folders with links of all kinds.</summary>
public sealed class ImageFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv").FullName;
    private readonly string _pictures;
    private readonly string _elsewhere;

    public ImageFilesTests()
    {
        _pictures = Directory.CreateDirectory(Path.Combine(_folder, "pictures")).FullName;
        _elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        File.WriteAllBytes(Path.Combine(_pictures, "own.png"), [1]);
        File.WriteAllBytes(Path.Combine(_elsewhere, "secret.png"), [2]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_ThroughALinkedFolderThatLeadsElsewhere_IsRefused()
    {
        LinkFolder(Path.Combine(_pictures, "album"), _elsewhere);
        Refused(Path.Combine(_pictures, "album", "secret.png"));
    }

    [Fact]
    public void Read_ThroughALinkToALinkedFolder_IsRefused()
    {
        LinkFolder(Path.Combine(_pictures, "album"), _elsewhere);
        LinkFile(Path.Combine(_pictures, "cover.png"), Path.Combine(_pictures, "album", "secret.png"));
        Refused(Path.Combine(_pictures, "cover.png"));
    }

    [Fact]
    public void Read_ThroughLinksThatStayInside_IsRead()
    {
        LinkFolder(Path.Combine(_pictures, "album"), _pictures);
        LinkFile(Path.Combine(_pictures, "cover.png"), Path.Combine(_pictures, "own.png"));
        Assert.Equal([1], Read(_pictures, Path.Combine(_pictures, "album", "cover.png")));
    }

    [Fact]
    public void Read_WhereTheNamedFolderIsALink_IsRead()
    {
        string linked = Path.Combine(_folder, "linked");
        LinkFolder(linked, _pictures);
        LinkFile(Path.Combine(_pictures, "cover.png"), Path.Combine(_pictures, "own.png"));
        Assert.Equal([1], Read(linked, Path.Combine(linked, "own.png")));
        Assert.Equal([1], Read(linked, Path.Combine(linked, "cover.png")));
        Assert.Equal([1], Read(linked, Path.Combine(_pictures, "own.png")));
    }

    [Fact]
    public void Read_WhatIsNotThere_IsNamedByItsPlaceInTheFolder()
    {
        LinkFile(Path.Combine(_pictures, "dangling.png"), Path.Combine(_pictures, "gone.png"));
        Assert.All(
            ["none.png", "dangling.png"],
            name => Assert.Contains(
                $"'{name}', which is not there",
                Assert.Throws<FileNotFoundException>(() => Read(_pictures, Path.Combine(_pictures, name))).Message,
                StringComparison.Ordinal));
    }

    [Fact]
    public void Read_LinksThatLeadNowhere_AreRefused()
    {
        string other = Directory.CreateDirectory(Path.Combine(_pictures, "other")).FullName;
        LinkFile(Path.Combine(_pictures, "a.png"), Path.Combine(_pictures, "a.png"));
        LinkFolder(Path.Combine(_pictures, "b"), Path.Combine(other, "c", "b.png"));
        LinkFolder(Path.Combine(other, "c"), Path.Combine(_pictures, "b"));
        Assert.All(["a.png", "b", "b/b.png", "other/c/b.png"], name => Assert.ThrowsAny<IOException>(() => Read(_pictures, Path.Combine(_pictures, name))));
    }

    [Fact]
    public void Read_ANeighbourWhoseNameBeginsAlike_IsRefused()
    {
        Directory.CreateDirectory(_pictures + "-private");
        File.WriteAllBytes(Path.Combine(_pictures + "-private", "a.png"), [3]);
        Refused(Path.Combine(_pictures + "-private", "a.png"));
    }

    private static byte[] Read(string folder, string path) => ImageFiles.Read(new Uri(path), folder, 100, "Message 1").Data.ToArray();

    private void Refused(string path) => Assert.Contains(
        "outside ImageFolder", Assert.Throws<NotSupportedException>(() => Read(_pictures, path)).Message, StringComparison.Ordinal);

    private static void LinkFolder(string path, string target) => Link(() => Directory.CreateSymbolicLink(path, target));

    private static void LinkFile(string path, string target) => Link(() => File.CreateSymbolicLink(path, target));

    private static void Link(Action create)
    {
        try
        {
            create();
        }
        catch (Exception problem) when (OperatingSystem.IsWindows() && problem is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("This account may not make links.");
        }
    }
}
