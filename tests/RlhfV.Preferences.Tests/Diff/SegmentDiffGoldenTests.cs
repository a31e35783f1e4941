using System.Text.Json;
using RlhfV.Goldens;

namespace RlhfV.Preferences.Tests.Diff;

/// <summary>The released code's segment diff on every stored pair: same blocks, same changed token positions.</summary>
[Trait("Category", "Golden")]
public sealed class SegmentDiffGoldenTests
{
    [Fact]
    public void Tokens_ReferenceCompatible_EqualsTheReleasedCodeOnEveryPair()
    {
        int count = 0;
        foreach (JsonElement pair in Pairs())
        {
            var options = new SegmentDiffOptions
            {
                Mode = SegmentDiffMode.ReferenceCompatible,
                MinimumMatch = pair.GetProperty("min_match_size").GetInt32(),
            };

            IReadOnlyList<TokenSegment> segments = SegmentDiff.Tokens<int>(Ints(pair, "a"), Ints(pair, "b"), options);

            string name = pair.GetProperty("name").GetString()!;
            TokenSegment[] replaced = [.. segments.Where(segment => segment.IsReplacement)];
            Assert.True(
                Ints(pair, "a_ids").SequenceEqual(replaced.SelectMany(s => Enumerable.Range(s.Rejected.Start, s.Rejected.Length))), name);
            Assert.True(
                Ints(pair, "b_ids").SequenceEqual(replaced.SelectMany(s => Enumerable.Range(s.Chosen.Start, s.Chosen.Length))), name);
            count++;
        }

        Assert.True(count > 0);
    }

    [Fact]
    public void Match_WithPopularityRule_GivesDifflibsBlocksOnEveryPair()
    {
        foreach (JsonElement pair in Pairs())
        {
            int items = BlockMatcher.Intern<int>(Ints(pair, "a"), Ints(pair, "b"), out int[] a, out int[] b);

            List<MatchBlock> blocks = BlockMatcher.Match(a, b, items, ignorePopular: true);

            MatchBlock[] expected =
            [
                .. pair.GetProperty("matching_blocks").EnumerateArray()
                    .Select(block => new MatchBlock(block[0].GetInt32(), block[1].GetInt32(), block[2].GetInt32()))
            ];
            Assert.Equal(expected[..^1], blocks); // the last one is difflib's end marker
        }
    }

    [Fact]
    public void FromTokens_ReferenceCompatible_WeighsTheReleasedCodesTokens()
    {
        foreach (JsonElement pair in Pairs())
        {
            var options = new SegmentDiffOptions
            {
                Mode = SegmentDiffMode.ReferenceCompatible,
                MinimumMatch = pair.GetProperty("min_match_size").GetInt32(),
            };

            PairWeights weights = TokenWeights.FromTokens<int>(Ints(pair, "a"), Ints(pair, "b"), 5f, options);

            Assert.Equal(Ints(pair, "a_ids"), Weighted(weights.Rejected));
            Assert.Equal(Ints(pair, "b_ids"), Weighted(weights.Chosen));
        }
    }

    private static IEnumerable<JsonElement> Pairs()
    {
        Assert.SkipUnless(GoldenData.Has("rlhfv", "a_diff"), $"{GoldenData.Root} holds no diff expectations");
        foreach (string file in Directory.GetFiles(GoldenData.Path("rlhfv", "a_diff"), "*.json").Order(StringComparer.Ordinal))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonElement pair in document.RootElement.GetProperty("pairs").EnumerateArray())
                yield return pair;
        }
    }

    private static int[] Ints(JsonElement pair, string name) =>
        [.. pair.GetProperty(name).EnumerateArray().Select(item => item.GetInt32())];

    private static int[] Weighted(float[] weights) => [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] != 1f)];
}
