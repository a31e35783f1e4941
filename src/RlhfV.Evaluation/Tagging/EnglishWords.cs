using System.Collections.Frozen;

namespace RlhfV.Evaluation;

/// <summary>The words whose part of speech does not depend on context, as far as descriptions of pictures go.</summary>
internal static class EnglishWords
{
    /// <summary>Part of speech of closed classes, of auxiliaries and of adjectives that describe things.</summary>
    public static readonly FrozenDictionary<string, string> Tags = Make(
        ("DT", "a an the this that these those some any each every no another both all either neither"),
        ("CC", "and or but nor plus"),
        ("IN", """
            of with in on at by for from near behind beside besides above below under over between among across against along around
            inside outside into onto through toward towards within without beneath underneath upon after before during like as than if
            because while next
            """),
        ("TO", "to"),
        ("CD", "one two three four five six seven eight nine ten eleven twelve dozen hundred"),
        ("PRP", "i you he she it we they him them me us himself herself itself themselves"),
        ("PRP$", "his her its their my your our"),
        ("WDT", "which what who whom whose where when how why"),
        ("EX", "there"),
        ("MD", "can could may might must shall should will would"),
        ("VBZ", "is has does seems appears 's"),
        ("VBP", "are have do am 'm 're 've"),
        ("VBD", "was were had did"),
        ("VB", "be"),
        ("VBN", "been"),
        ("VBG", "being having"),
        ("POS", "'"),
        ("RB", """
            not n't very quite rather too also only just then here now further together back away up down out off partly mostly slightly
            """),
        ("JJ", """
            red orange-colored blue green yellow purple pink brown black white gray grey golden silver-colored dark light-colored bright
            pale colorful large small big little tiny huge long short tall wide narrow thick thin old new young modern ancient fresh ripe
            shiny dirty clean wet dry empty full open closed round square rectangular flat wooden woolen several many few multiple various
            numerous other same different left right upper lower front rear top-down beautiful pretty cute nice fluffy furry sunny cloudy
            busy quiet single double main visible available public plastic-like own such first second third last certain more most much
            less half indoor outdoor
            """));

    /// <summary>Nouns that end like a participle.</summary>
    public static readonly FrozenSet<string> ThingsInIng = Split(
        """
            building ceiling painting railing clothing awning string spring ring king wing thing something anything nothing everything
            swing sling sibling duckling earring pudding icing dressing topping stuffing evening morning wedding bedding siding flooring
            carving drawing crossing parking dining lightning wiring lighting seating opening covering marking frosting filling offspring
            bowling lettering clearing bed shed seed weed sled reed moped
            """).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Nouns that look like plurals and are none.</summary>
    public static readonly FrozenSet<string> SingularsInS = Split(
        """
            bus gas lens news series species canvas tennis cactus octopus campus circus chorus virus walrus hippopotamus platypus campus
            apparatus status iris oasis basis chassis trellis pelvis gallows
            """).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Nouns that have no singular, though WordNet lists them as they are.</summary>
    public static readonly FrozenSet<string> PluralsOnly =
        Split("scissors pants jeans trousers shorts tongs pliers tweezers goggles").ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Colours that are also things: adjectives in front of a noun.</summary>
    public static readonly FrozenSet<string> ColorsAndThings =
        Split("orange silver gold peach lime olive rose violet cream tan turquoise").ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> Make(params (string Tag, string Words)[] classes) =>
        classes.SelectMany(c => Split(c.Words).Select(word => KeyValuePair.Create(word, c.Tag))).ToFrozenDictionary(StringComparer.Ordinal);

    private static string[] Split(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
