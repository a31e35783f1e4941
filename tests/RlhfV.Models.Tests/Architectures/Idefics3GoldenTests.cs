using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Architectures.Idefics3;
using RlhfV.Models.Images;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures;

/// <summary>What Idefics3 and SmolVLM have inside: states of the tower, positions of patches.</summary>
[Trait("Category", "Golden")]
public sealed class Idefics3GoldenTests
{
    public static TheoryData<string> Families => [.. new[] { "idefics3", "smolvlm" }.Where(f => GoldenData.Has("hf", f, "expected.json"))];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Families))]
    public void Tower_AgreesBehindEveryLayer(string family)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var golden = new GoldenFamily(family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        var network = Assert.IsType<Idefics3Network>(model.Network);
        foreach (string name in golden.CaseNames('c'))
        {
            IReadOnlyList<ProcessedImage> images = model.Processor.Process(golden.Conversation(name).Prompt);
            network.Tower.Run(
                cat([.. images.Select(image => tensor(image.Values, image.Shape))], 0),
                (layer, state) => golden.AssertCloseIfStored($"{name}.vision.hidden.{layer}", state));
        }
    }

    [Fact]
    public void Positions_OfEveryGrid_AreTheReferences()
    {
        Assert.SkipUnless(GoldenData.Has("hf", "imageproc"), "hf/imageproc is not in this root");
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "imageproc", "expected.json")));
        JsonElement moved = document.RootElement.GetProperty("idefics3_position_bucket_not_identity_for_patches_per_side");
        Assert.NotEmpty(moved.EnumerateObject());
        for (int side = 2; side <= 64; side++)
        {
            IEnumerable<int> expected = moved.TryGetProperty($"{side}", out JsonElement listed)
                ? listed.EnumerateArray().Select(place => place.GetInt32())
                : Enumerable.Range(0, side);
            Assert.Equal(expected, PatchPositions.Along(side));
        }
    }
}
