using RlhfV.Preferences;

namespace RlhfV.ML.Tests;

/// <summary>Corrected answers about small pictures.</summary>
internal static class Pairs
{
    /// <summary>Corrected answers about two pictures each.</summary>
    public static PreferenceExample[] AboutTwo(int count) =>
        [.. Many(count).Select((pair, i) => pair with { MoreImages = [PreferenceImage.FromBytes(Picture.Png(100 + i))] })];

    public static PreferenceExample[] Many(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new PreferenceExample
        {
            Image = PreferenceImage.FromBytes(Picture.Png(i)),
            Prompt = "What is there?",
            Chosen = $"There is a red cup and {i} plates.",
            Rejected = $"There is a blue cup and {i} plates.",
            Segments = [new() { Chosen = new(11, 3), Rejected = new(11, 4), Type = HallucinationType.Attribute }],
            Origin = new() { Id = $"pair-{i}" },
        }),
    ];
}
