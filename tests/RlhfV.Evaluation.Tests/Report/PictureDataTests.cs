using System.Text;
using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

public sealed class PictureDataTests
{
    [Fact]
    public void Uri_FileBelowTheRoot_IsEmbeddedByContent()
    {
        using var folder = new TemporaryFolder();
        byte[] png = TinyPng.Encode(2, (_, _) => (1, 2, 3));
        File.WriteAllBytes(folder.File("picture.jpg"), png);
        Assert.Equal(
            $"data:image/png;base64,{Convert.ToBase64String(png)}",
            PictureData.Uri(PreferenceImage.FromPath("picture.jpg"), folder.Path, out _));
    }

    [Fact]
    public void Uri_ScriptedPicture_IsRefused()
    {
        Assert.Null(
            PictureData.Uri(PreferenceImage.FromBytes(Encoding.UTF8.GetBytes("<svg onload='alert(1)'/>")), null, out string reason));
        Assert.Equal("unknown picture format", reason);
    }

    [Fact]
    public void Uri_MissingFile_SaysSo()
    {
        Assert.Null(PictureData.Uri(PreferenceImage.FromPath("nowhere.png"), null, out string reason));
        Assert.Equal("picture not found", reason);
    }

    [Fact]
    public void Uri_NameThatNoFileCanHave_IsNotFound()
    {
        Assert.Null(PictureData.Uri(PreferenceImage.FromPath("a\0b.png"), null, out string reason));
        Assert.Equal("picture not found", reason);
    }

}
