namespace RlhfV.Preferences;

/// <summary>Adds up examples for <see cref="PreferenceStatistics"/>.</summary>
internal sealed class StatisticsCounter(SegmentDiffOptions? options)
{
    private readonly List<int> _segments = [];
    private readonly List<int> _chosenWords = [];
    private readonly List<int> _rejectedWords = [];
    private readonly List<int> _differences = [];
    private readonly Dictionary<string, int> _types = [];
    private readonly Dictionary<string, int> _models = [];
    private readonly Dictionary<string, int> _questionTypes = [];
    private readonly Dictionary<string, int> _prompts = [];
    private readonly HashSet<string> _pictures = [];
    private int _annotated;
    private int _withPicture;

    public void Add(PreferenceExample example)
    {
        int chosen = CountWords(example.Chosen);
        int rejected = CountWords(example.Rejected);
        _chosenWords.Add(chosen);
        _rejectedWords.Add(rejected);
        _differences.Add(chosen - rejected);
        _segments.Add(SegmentDiff.Segments(example, options).Count);
        foreach (CorrectedSegment segment in example.Segments)
            Increment(_types, segment.Type.Code);
        Increment(_models, example.Origin.Model);
        Increment(_questionTypes, example.Origin.QuestionType);
        Increment(_prompts, example.Prompt);
        if (example.Segments.Count > 0)
            _annotated++;
        IReadOnlyList<PreferenceImage> images = example.Images;
        if (images.Count > 0)
            _withPicture++;
        foreach (PreferenceImage image in images)
            _pictures.Add(ImageKey.Of(image));
    }

    public PreferenceStatistics ToStatistics() => new()
    {
        Examples = _segments.Count,
        Annotated = _annotated,
        WithPicture = _withPicture,
        Pictures = _pictures.Count,
        Segments = _segments.Sum(),
        SegmentsPerExample = DistributionSummary.Of(_segments),
        ChosenWords = DistributionSummary.Of(_chosenWords),
        RejectedWords = DistributionSummary.Of(_rejectedWords),
        LengthDifference = DistributionSummary.Of(_differences),
        Types = CountTypes(),
        Models = Rank(_models),
        QuestionTypes = Rank(_questionTypes),
        Prompts = Rank(_prompts),
    };

    private static int CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static void Increment(Dictionary<string, int> counts, string? name)
    {
        if (name is not null)
            counts[name] = counts.GetValueOrDefault(name) + 1;
    }

    private NamedCount[] CountTypes()
    {
        double total = Math.Max(1, _types.Values.Sum());
        string[] known = [.. HallucinationType.All.Select(type => type.Code)];
        return [.. known.Concat(_types.Keys.Except(known).Order(StringComparer.Ordinal)).Select(Count)];

        NamedCount Count(string name)
        {
            int count = _types.GetValueOrDefault(name);
            return new NamedCount(name, count, count / total);
        }
    }

    private NamedCount[] Rank(Dictionary<string, int> counts) =>
    [
        .. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new NamedCount(pair.Key, pair.Value, (double)pair.Value / _segments.Count))
    ];
}
