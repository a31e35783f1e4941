using System.Text;

namespace RlhfV.Evaluation.Tests;

public sealed class CocoFileTests
{
    private const string Instances = """
        {"info": {"annotations": [1]}, "images": [{"id": 7, "license": {"id": 99}}, {"id": 8}],
         "annotations": [
           {"segmentation": [[1.5, 2, 3], {"id": 5}], "image_id": 7, "category_id": 90, "id": 1, "bbox": [0, 0, 1, 1]},
           {"id": 2, "category_id": 3, "image_id": "8"}],
         "categories": [{"supercategory": "x", "id": 90, "name": "toothbrush"}, {"id": 3, "name": "car"}]}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void ReadInstances_CategoriesBehindAnnotations_AreResolved()
    {
        CocoInstances instances = Read(Instances, path => CocoFile.ReadInstances(path, cancellationToken: Stop));
        Assert.Equal(["7", "8"], instances.Images);
        Assert.Equal([new("7", "toothbrush"), new("8", "car")], instances.Objects);
    }

    [Fact]
    public void ReadInstances_SomeImages_KeepsThese()
    {
        CocoInstances instances = Read(Instances, path => CocoFile.ReadInstances(path, new HashSet<string> { "8" }, Stop));
        Assert.Equal([new("8", "car")], instances.Objects);
    }

    [Fact]
    public void ReadInstances_LongOutlinesAndByteOrderMark_StreamThroughASmallBuffer()
    {
        string outline = string.Join(',', Enumerable.Range(0, 100_000));
        CocoInstances instances = Read(
            '\uFEFF' + Instances.Replace("[1.5, 2, 3]", $"[{outline}]", StringComparison.Ordinal), path =>
                CocoFile.ReadInstances(path, cancellationToken: Stop));
        Assert.Equal(2, instances.Objects.Count);
    }

    [Fact]
    public void ReadCaptions_LongerThanTheBuffer_ArrivesWhole()
    {
        string caption = new('x', 200_000);
        var captions = new List<string>();
        Read($$"""{"annotations": [{"image_id": 1, "id": 2, "caption": "{{caption}}"}]}""", path =>
        {
            CocoFile.ReadCaptions(path, (image, text) => captions.Add($"{image}:{text}"), cancellationToken: Stop);
            return true;
        });
        Assert.Equal([$"1:{caption}"], captions);
    }

    [Theory]
    [InlineData("""{"annotations": [{"id": 1, "image_id": 2, "category_id": 3}], "categories": []}""", "category 3")]
    [InlineData("""{"annotations": [{"id": 1,]}""", "LineNumber: 0")]
    [InlineData("""{"annotations": [{"id": 1.5}]}""", "not a whole number")]
    [InlineData("""{"images": []}""", "no array 'annotations'")]
    [InlineData("", "not a COCO annotation file")]
    [InlineData("[]", "no array 'annotations'")]
    public void ReadInstances_BrokenFile_NamesItAndThePlace(string text, string problem)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => Read(text, path => CocoFile.ReadInstances(path, cancellationToken: Stop)));
        Assert.Contains("coco.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadInstances_MissingFile_Throws() =>
        Assert.Throws<FileNotFoundException>(() => CocoFile.ReadInstances("nowhere.json", cancellationToken: Stop));

    [Fact]
    public void Read_CaptionsAsInstancesAndTheOtherWayRound_SaysSoInsteadOfFindingNothing()
    {
        const string Captions = """{"annotations": [{"image_id": 7, "id": 5, "caption": "A dog."}]}""";
        InvalidDataException instances = Assert.Throws<InvalidDataException>(
            () => Read(Captions, path => CocoFile.ReadInstances(path, cancellationToken: Stop)));
        Assert.Contains("annotation 5 has no 'category_id'; captions are read as captions", instances.Message, StringComparison.Ordinal);
        InvalidDataException captions = Assert.Throws<InvalidDataException>(() => Read(Instances, path =>
        {
            CocoFile.ReadCaptions(path, (_, _) => { }, cancellationToken: Stop);
            return true;
        }));
        Assert.Contains("annotation 1 has no 'caption'; instances are read as instances", captions.Message, StringComparison.Ordinal);
    }

    private static T Read<T>(string text, Func<string, T> read)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("coco.json");
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return read(path);
    }
}
