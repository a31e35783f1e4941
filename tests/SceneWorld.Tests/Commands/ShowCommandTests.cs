using SkiaSharp;

namespace SceneWorld.Tests.Commands;

public sealed class ShowCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Show_OneScene_WritesThePictureThatAModelIsAsked()
    {
        byte[] png = Show("--count", "1", "--seed", "5");

        Assert.Equal(SceneRenderer.RenderPng(SceneGenerator.Generate(5)), png);
    }

    [Theory]
    [InlineData("3", 3, 1)]
    [InlineData("9", 8, 2)]
    public void Show_Scenes_FillRowsOfEight(string count, int columns, int rows)
    {
        using SKBitmap sheet = SKBitmap.Decode(Show("--count", count));

        const int pitch = SceneLayout.PictureSize + 6;
        Assert.Equal((columns * pitch + 6, rows * pitch + 6), (sheet.Width, sheet.Height));
    }

    private byte[] Show(params string[] options)
    {
        string path = Path.Combine(_folder, "scene.png");
        string[] arguments = ["show", .. options, "--out", path];
        Assert.Equal(0, typeof(SceneRenderer).Assembly.EntryPoint!.Invoke(null, [arguments]));
        return File.ReadAllBytes(path);
    }
}
