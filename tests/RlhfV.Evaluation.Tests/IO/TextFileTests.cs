namespace RlhfV.Evaluation.Tests;

public sealed class TextFileTests
{
    [Fact]
    public void Write_WriterFails_KeepsTheOldFileAndLeavesNothingBehind()
    {
        using var folder = new TemporaryFolder();
        TextFile.Write(folder.File("a.txt"), writer => writer.Write("old"));
        Assert.Throws<InvalidOperationException>(() => TextFile.Write(folder.File("a.txt"), writer =>
        {
            writer.Write("half of the new");
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(folder.File("a.txt")));
        Assert.Single(Directory.GetFiles(folder.Path));
    }
}
