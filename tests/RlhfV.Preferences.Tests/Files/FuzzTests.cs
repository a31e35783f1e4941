namespace RlhfV.Preferences.Tests.Files;

/// <summary>
/// Damaged files of every format, from fixed seeds: the reader may report and refuse, but never throws anything else, never hangs, and
/// never gives a row that differs from a written one without having been changed in the file.
/// </summary>
public sealed class FuzzTests
{
    private const int CasesPerFormat = 150;

    public static TheoryData<string> Names => [.. PreferenceFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_DamagedBytes_ReportsOrRefuses(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] original = WriteSample(folder, name, out string path);
        IPreferenceFormat format = PreferenceFormats.All.Single(candidate => candidate.Name == name);
        var random = new Random(20240205);
        for (int i = 0; i < CasesPerFormat; i++)
        {
            byte[] damaged = Damage(original, random);
            File.WriteAllBytes(path, damaged);

            int reported = 0;
            try
            {
                int read = PreferenceFile.Read(path, new PreferenceReadOptions { Format = format, OnBadRow = _ => reported++ }).Count();
                Assert.True(read + reported < 10_000, $"case {i}");
            }
            catch (PreferenceDataException refused)
            {
                Assert.Equal(path, refused.File);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Detect_RandomBytes_RefusesOrNamesAFormat(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] original = WriteSample(folder, name, out string path);
        var random = new Random(11);
        for (int i = 0; i < CasesPerFormat; i++)
        {
            File.WriteAllBytes(path, Damage(original, random)[..random.Next(200)]);
            Exception? refused = Record.Exception(() => PreferenceFormats.Detect(path));
            Assert.True(refused is null or PreferenceDataException, refused?.ToString());
        }
    }

    [Theory]
    [InlineData("data.jsonl")]
    [InlineData("data-20.tsv")]
    public void Read_OneBadLine_KeepsAllOthers(string name)
    {
        using var folder = new TemporaryFolder();
        PreferenceExample[] examples = [.. Enumerable.Range(0, 20).Select(Samples.Example)];
        PreferenceFile.Write(folder.File(name), examples);
        string[] lines = File.ReadAllLines(folder.File(name));
        for (int bad = 0; bad < lines.Length; bad++)
        {
            string[] changed = [.. lines];
            changed[bad] = changed[bad][..(changed[bad].Length / 2)];
            File.WriteAllLines(folder.File(name), changed);
            var problems = new List<PreferenceDataException>();

            PreferenceExample[] read =
                [.. PreferenceFile.Read(folder.File(name), new PreferenceReadOptions { OnBadRow = problems.Add, Format = FormatOf(name) })];

            Assert.Equal(bad + 1, Assert.Single(problems).Row);
            Assert.Equal(examples.Where((_, i) => i != bad), read);
        }
    }

    private static IPreferenceFormat FormatOf(string name) => PreferenceFormats.ForExtension(name);

    private static byte[] WriteSample(TemporaryFolder folder, string name, out string path)
    {
        IPreferenceFormat format = PreferenceFormats.All.Single(candidate => candidate.Name == name);
        path = folder.File($"data-8{format.Extension}");
        PreferenceFile.Write(path, Enumerable.Range(0, 8).Select(Samples.Example), new PreferenceWriteOptions { Format = format });
        return File.ReadAllBytes(path);
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        switch (random.Next(4))
        {
            case 0: // a few bytes anywhere
                for (int i = random.Next(1, 12); i > 0; i--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 1: // bytes near the end, where parquet keeps its structure
                for (int i = random.Next(1, 6); i > 0; i--)
                    bytes[^(random.Next(Math.Min(bytes.Length, 2000)) + 1)] = (byte)random.Next(256);
                return bytes;
            case 2: // cut off
                return bytes[..random.Next(bytes.Length)];
            default: // a stretch removed from the middle
                int start = random.Next(bytes.Length);
                return [.. bytes[..start], .. bytes[Math.Min(bytes.Length, start + random.Next(1, 64))..]];
        }
    }
}
