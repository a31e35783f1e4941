using RlhfV.ML.Columns;
using RlhfV.ML.Saving;
using RlhfV.Models.Generation;

namespace RlhfV.ML.Tests.Saving;

public sealed class CaptionManifestTests
{
    private static readonly CaptionManifest Manifest = new()
    {
        Format = CaptionManifest.CurrentFormat,
        Folder = "models/aligned",
        Files = [new("model.safetensors", 12, new string('a', 64))],
        ImageKind = ImageColumnKind.Path,
        ImageColumnName = "Bild",
        PromptColumnName = "Frage",
        MoreImagesColumnName = "Weitere",
        OutputColumnName = "Antwort",
        Prompt = "Was ist das? \"Äpfel\"",
        Generation = new GenerationOptions { MaxNewTokens = 7, Temperature = 0.5, Seed = 3, StopStrings = ["\n"], SuppressedTokens = [7, 11] },
        BatchSize = 5,
        ImageFolder = "bilder",
    };

    [Fact]
    public void ToText_AndBack_LosesNothing()
    {
        CaptionManifest read = CaptionManifest.FromText(Manifest.ToText());

        Assert.Equal(Manifest.Files, read.Files);
        Assert.Equal(Manifest.Generation.StopStrings, read.Generation.StopStrings);
        Assert.Equal(Manifest with { Files = [], Generation = new() }, read with { Files = Manifest.Files is { } ? [] : [], Generation = new() });
        Assert.Equal(Manifest.Generation.SuppressedTokens, read.Generation.SuppressedTokens);
        int[] none = [];
        Assert.Equal(
            Manifest.Generation with { StopStrings = [], SuppressedTokens = none },
            read.Generation with { StopStrings = [], SuppressedTokens = none });
        Assert.Equal("aligned", read.Name);
    }

    [Fact]
    public void FromText_NewerFormat_IsRefused()
    {
        string text = (Manifest with { Format = CaptionManifest.CurrentFormat + 1 }).ToText();

        Assert.Contains("Update", Assert.Throws<InvalidDataException>(() => CaptionManifest.FromText(text)).Message);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("e30=")]
    public void FromText_NoManifest_IsRefused(string text) => Assert.Throws<InvalidDataException>(() => CaptionManifest.FromText(text));
}
