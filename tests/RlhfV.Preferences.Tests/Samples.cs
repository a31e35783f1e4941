namespace RlhfV.Preferences.Tests;

/// <summary>Small examples for tests.</summary>
internal static class Samples
{
    /// <summary>The smallest grey PNG there is: one pixel.</summary>
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    /// <summary>Pictures of different bytes and names.</summary>
    public static PreferenceImage[] Pictures(int count) =>
        [.. Enumerable.Range(0, count).Select(i => PreferenceImage.FromBytes((byte[])[.. Png, .. new byte[i]], $"pictures/{(char)('a' + i)}.png"))];

    public static PreferenceExample Example(int index = 0) => new()
    {
        Image = PreferenceImage.FromBytes(Png, $"pictures/{index}.png"),
        Prompt = $"What is on table {index}?",
        Chosen = "A red cup stands on the table. 你好 🙂",
        Rejected = "Two red cups stand on the table. 你好 🙂",
        Segments =
        [
            new CorrectedSegment
            {
                Rejected = new TextSpan(0, 18),
                Chosen = new TextSpan(0, 16),
                Type = HallucinationType.Number,
                Annotator = "a7",
                Time = new DateTimeOffset(2024, 5, 17, 12, 30, 0, TimeSpan.Zero),
            },
            new CorrectedSegment { Rejected = new TextSpan(23, 0), Chosen = new TextSpan(21, 3), Type = new HallucinationType("style") },
        ],
        Origin = new PreferenceOrigin
        {
            Dataset = "kitchen",
            SourceDataset = "drawn",
            Split = "train",
            Id = index.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Model = "micro",
            QuestionType = "detailed_description",
        },
    };
}
