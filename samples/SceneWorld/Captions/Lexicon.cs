namespace SceneWorld;

/// <summary>The words of SceneWorld: one table that captions are written from and read with.</summary>
public static class Lexicon
{
    private static readonly (string Singular, string Plural)[][] KindWords =
    [
        [("cup", "cups"), ("mug", "mugs")],
        [("plate", "plates")],
        [("pot", "pots")],
        [("kettle", "kettles")],
        [("apple", "apples")],
        [("fridge", "fridges")],
        [("car", "cars")],
        [("bus", "buses")],
        [("bicycle", "bicycles"), ("bike", "bikes")],
        [("tree", "trees")],
        [("bench", "benches")],
        [("sign", "signs")],
        [("sofa", "sofas"), ("couch", "couches")],
        [("lamp", "lamps")],
        [("television", "televisions")],
        [("book", "books")],
        [("vase", "vases")],
        [("clock", "clocks")],
        [("bathtub", "bathtubs"), ("tub", "tubs")],
        [("toilet", "toilets")],
        [("towel", "towels")],
        [("mirror", "mirrors")],
        [("toothbrush", "toothbrushes")],
        [("bucket", "buckets")],
        [("chair", "chairs")],
        [("ball", "balls")],
        [("person", "people")],
        [("dog", "dogs")],
        [("cat", "cats")],
        [("bird", "birds")],
    ];

    private static readonly string[][] SettingWords = [["kitchen"], ["street", "road"], ["living room", "lounge"], ["bathroom"]];
    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six"];

    private static readonly Dictionary<string, (ObjectKind Kind, int Variant, bool Plural)> Nouns = Enumerable.Range(0, KindWords.Length)
        .SelectMany(kind => KindWords[kind].Select((word, variant) => (kind, variant, word)))
        .SelectMany(entry => new[]
        {
            (Word: entry.word.Singular, Value: ((ObjectKind)entry.kind, entry.variant, false)),
            (Word: entry.word.Plural, Value: ((ObjectKind)entry.kind, entry.variant, true)),
        })
        .ToDictionary(entry => entry.Word, entry => entry.Value);

    private static readonly Dictionary<string, SceneColour> Colours = Enum.GetValues<SceneColour>().ToDictionary(Word);
    private static readonly Dictionary<string, SceneAction> Actions = Enum.GetValues<SceneAction>().ToDictionary(Word);

    /// <summary>How many names a kind has; the first is the usual one.</summary>
    /// <param name="kind">The kind.</param>
    public static int NamesOf(ObjectKind kind) => KindWords[(int)kind].Length;

    /// <summary>A kind's name.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="plural">True for more than one.</param>
    /// <param name="name">Which name, from 0 to <see cref="NamesOf"/> - 1.</param>
    public static string Noun(ObjectKind kind, bool plural, int name = 0)
    {
        (string singular, string pluralForm) = KindWords[(int)kind][name];
        return plural ? pluralForm : singular;
    }

    /// <summary>A setting's names; the first is the usual one.</summary>
    /// <param name="setting">The setting.</param>
    public static IReadOnlyList<string> Names(Setting setting) => SettingWords[(int)setting];

    /// <summary>A colour's word.</summary>
    /// <param name="colour">The colour.</param>
    public static string Word(SceneColour colour) => colour.ToString().ToLowerInvariant();

    /// <summary>An action's word.</summary>
    /// <param name="action">The action.</param>
    public static string Word(SceneAction action) => action.ToString().ToLowerInvariant();

    /// <summary>A number's word, from 0 to 6.</summary>
    /// <param name="number">The number.</param>
    public static string Word(int number) => Numbers[number];

    /// <summary>A side's word.</summary>
    /// <param name="column">The side.</param>
    public static string Word(SceneColumn column) => column == SceneColumn.Left ? "left" : "right";

    /// <summary>A height's word.</summary>
    /// <param name="row">The height.</param>
    public static string Word(SceneRow row) => row.ToString().ToLowerInvariant();

    /// <summary>A relation as it stands before the other object.</summary>
    /// <param name="relation">The relation.</param>
    public static string Words(SpatialRelation relation) => relation switch
    {
        SpatialRelation.LeftOf => "to the left of",
        SpatialRelation.RightOf => "to the right of",
        SpatialRelation.Above => "above",
        SpatialRelation.Below => "below",
        _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, "Expected one of the four spatial relations."),
    };

    /// <summary><c>a</c> or <c>an</c>, as the next word asks for.</summary>
    /// <param name="next">The next word.</param>
    public static string Article(string next) => "aeiou".Contains(char.ToLowerInvariant(next[0])) ? "an" : "a";

    /// <summary><c>is</c> or <c>are</c>.</summary>
    /// <param name="count">How many.</param>
    public static string Be(int count) => count == 1 ? "is" : "are";

    internal static bool TryNoun(string word, out (ObjectKind Kind, int Variant, bool Plural) noun) => Nouns.TryGetValue(word, out noun);

    internal static bool TryColour(string word, out SceneColour colour) => Colours.TryGetValue(word, out colour);

    internal static bool TryAction(string word, out SceneAction action) => Actions.TryGetValue(word, out action);

    internal static bool TryNumber(string word, out int number)
    {
        number = Array.IndexOf(Numbers, word);
        return number >= 1;
    }

    internal static bool TrySetting(string words, out Setting setting)
    {
        int index = Array.FindIndex(SettingWords, names => names.Contains(words));
        setting = (Setting)Math.Max(index, 0);
        return index >= 0;
    }
}
