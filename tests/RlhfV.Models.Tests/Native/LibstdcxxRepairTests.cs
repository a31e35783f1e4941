using RlhfV.Models.Native;

namespace RlhfV.Models.Tests.Native;

public class LibstdcxxRepairTests
{
    private const string StreamInit = "_ZSt21ios_base_library_initv";
    private const string Wait = "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE";

    private static SyntheticElf Library() => new()
    {
        Versions = ["GLIBCXX_3.4", "GLIBCXX_3.4.11", "GLIBCXX_3.4.30", "GLIBCXX_3.4.32"],
        Symbols =
        [
            ("_ZNSo5flushEv", "GLIBCXX_3.4"),
            (StreamInit, "GLIBCXX_3.4.32"),
            (Wait, "GLIBCXX_3.4.30"),
            ("_ZNSt6thread4joinEv", "GLIBCXX_3.4.11"),
        ],
    };

    [Fact]
    public void Apply_NewSymbols_BindsThemToTheirOlderEquivalents()
    {
        var repaired = ElfImage.Parse(LibstdcxxRepair.Apply(Library().Build(), "lib"), "lib");

        Assert.Equal(["", "_ZNSo5flushEv", "_ZNSt8ios_base4InitC1Ev", Wait, "_ZNSt6thread4joinEv"], repaired.Symbols.Select(s => s.Name));
        Assert.Equal([0, 2, 2, 3, 3], repaired.Symbols.Select(s => (int)s.Version));
        Assert.Equal(["GLIBCXX_3.4", "GLIBCXX_3.4.11", "GLIBCXX_3.4.11", "GLIBCXX_3.4"], repaired.Needs.Select(n => n.Version));
        Assert.All(repaired.Needs, n => Assert.Equal(SyntheticElf.SystemVHash(n.Version), n.Hash));
    }

    [Fact]
    public void Apply_Always_LeavesTheOriginalAlone()
    {
        byte[] original = Library().Build();
        byte[] before = [.. original];

        byte[] repaired = LibstdcxxRepair.Apply(original, "lib");

        Assert.Equal(before, original);
        Assert.Equal(original.Length, repaired.Length);
        Assert.NotEqual(original, repaired);
    }

    [Fact]
    public void Apply_Twice_ChangesNothingMore()
    {
        byte[] once = LibstdcxxRepair.Apply(Library().Build(), "lib");

        Assert.Equal(once, LibstdcxxRepair.Apply(once, "lib"));
    }

    [Fact]
    public void Apply_NothingNew_ReturnsEqualBytes()
    {
        byte[] original = new SyntheticElf { Versions = ["GLIBCXX_3.4"], Symbols = [("_ZNSo5flushEv", "GLIBCXX_3.4")] }.Build();

        Assert.Equal(original, LibstdcxxRepair.Apply(original, "lib"));
    }

    [Fact]
    public void Apply_VersionOfAnotherLibrary_IsLeftAlone()
    {
        byte[] original = new SyntheticElf
        {
            Library = "libother.so",
            Versions = ["GLIBCXX_3.4", "GLIBCXX_3.4.32"],
            Symbols = [(StreamInit, "GLIBCXX_3.4.32")],
        }.Build();

        Assert.Equal(original, LibstdcxxRepair.Apply(original, "lib"));
    }

    [Fact]
    public void Apply_UnknownSymbolOfANewVersion_IsRefusedByName()
    {
        byte[] original = new SyntheticElf
        {
            Versions = ["GLIBCXX_3.4", "GLIBCXX_3.4.32"],
            Symbols = [(StreamInit, "GLIBCXX_3.4.32"), ("_ZSt5novelv", "GLIBCXX_3.4.32")],
        }.Build();

        var error = Assert.Throws<InvalidDataException>(() => LibstdcxxRepair.Apply(original, "lib.so"));

        Assert.Contains("'lib.so'", error.Message, StringComparison.Ordinal);
        Assert.Contains("_ZSt5novelv", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as a symbol")]
    [InlineData("as a needed library")]
    public void Apply_NameSharedWithAnotherEntry_IsRefused(string how)
    {
        const string tail = "library_initv";
        byte[] original = new SyntheticElf
        {
            Versions = ["GLIBCXX_3.4", "GLIBCXX_3.4.32"],
            Symbols = how == "as a symbol" ? [(StreamInit, "GLIBCXX_3.4.32"), (tail, "GLIBCXX_3.4")] : [(StreamInit, "GLIBCXX_3.4.32")],
            Needed = how == "as a symbol" ? [] : [tail],
        }.Build();

        var error = Assert.Throws<InvalidDataException>(() => LibstdcxxRepair.Apply(original, "lib"));

        Assert.Contains("shares the name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_WithoutTheOlderVersion_IsRefused()
    {
        byte[] original = new SyntheticElf { Versions = ["GLIBCXX_3.4.32"], Symbols = [(StreamInit, "GLIBCXX_3.4.32")] }.Build();

        Assert.Throws<InvalidDataException>(() => LibstdcxxRepair.Apply(original, "lib"));
    }

    [Fact]
    public void Apply_TruncatedAnywhere_ThrowsInvalidData()
    {
        byte[] original = Library().Build();

        for (int length = 0; length < original.Length; length++)
        {
            byte[] part = original[..length];
            var error = Assert.Throws<InvalidDataException>(() => LibstdcxxRepair.Apply(part, "lib"));
            Assert.Contains("'lib'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Apply_RandomDamage_EndsInInvalidDataOrACopy()
    {
        byte[] original = Library().Build();
        var random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 5000; round++)
        {
            byte[] damaged = [.. original];
            for (int i = random.Next(1, 5); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.Equal(damaged.Length, LibstdcxxRepair.Apply(damaged, "lib").Length);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 500, 4999);
    }

    [Theory]
    [InlineData(4, 1, "64-bit")]
    [InlineData(5, 2, "64-bit")]
    [InlineData(18, 183, "x86-64")]
    [InlineData(0, 0x4d, "signature")]
    public void Apply_ForeignFile_SaysWhatItIs(int offset, byte value, string said)
    {
        byte[] foreign = Library().Build();
        foreign[offset] = value;

        var error = Assert.Throws<InvalidDataException>(() => LibstdcxxRepair.Apply(foreign, "lib"));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_TorchSharpsLibrary_NoLongerAsksForNewVersions()
    {
        Assert.SkipUnless(NativeFiles.Shim is not null, "TorchSharp's Linux x64 library is not in the output folder.");
        byte[] original = File.ReadAllBytes(NativeFiles.Shim);

        byte[] repaired = LibstdcxxRepair.Apply(original, NativeFiles.Shim);

        Assert.Contains("GLIBCXX_3.4.32", ElfImage.Parse(original, "original").Needs.Select(n => n.Version));
        Assert.DoesNotContain(ElfImage.Parse(repaired, "repaired").Needs, n => LibstdcxxRepair.Removes.Contains(n.Version));
        Assert.Equal(repaired, LibstdcxxRepair.Apply(repaired, "repaired"));
        Assert.InRange(Enumerable.Range(0, original.Length).Count(i => original[i] != repaired[i]), 8, 64);
        Assert.Equal(original, File.ReadAllBytes(NativeFiles.Shim));
    }
}
