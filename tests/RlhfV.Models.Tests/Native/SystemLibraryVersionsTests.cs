using RlhfV.Models.Native;

namespace RlhfV.Models.Tests.Native;

public class SystemLibraryVersionsTests
{
    private static readonly ElfImage Image = ElfImage.Parse(
        new SyntheticElf { Library = "libz.so.1", Versions = ["Z_1", "Z_2"], Symbols = [("inflate", "Z_2")] }.Build(), "lib");

    [Fact]
    public void Unmet_OlderLibrary_NamesVersionAndLibrary() =>
        Assert.Equal(["Z_2 of libz.so.1"], SystemLibraryVersions.Unmet(Image, _ => ["Z_0", "Z_1"]));

    [Fact]
    public void Unmet_NewLibrary_IsEmpty() => Assert.Empty(SystemLibraryVersions.Unmet(Image, _ => ["Z_1", "Z_2", "Z_3"]));

    [Fact]
    public void Unmet_AbsentLibrary_NamesIt() => Assert.Equal(["libz.so.1"], SystemLibraryVersions.Unmet(Image, _ => null));

    [Fact]
    public void Parse_Definitions_AreListedInOrder()
    {
        byte[] library = new SyntheticElf { Versions = ["A"], Symbols = [("f", "A")], Defines = ["V_1", "V_2", "V_3"] }.Build();

        Assert.Equal(["V_1", "V_2", "V_3"], ElfImage.Parse(library, "lib").Defines);
    }

    [Fact]
    public void Loaded_ThisProcess_HasTheStandardLibraries()
    {
        Assert.SkipUnless(NativeFiles.IsLinuxX64, "Reads /proc of a Linux x64 process.");

        var loaded = SystemLibraryVersions.Loaded();

        Assert.Contains("GLIBC_2.2.5", ElfImage.Parse(File.ReadAllBytes(loaded["libc.so.6"]), "libc").Defines);
        Assert.Contains("GLIBCXX_3.4", ElfImage.Parse(File.ReadAllBytes(loaded["libstdc++.so.6"]), "libstdc++").Defines);
    }
}
