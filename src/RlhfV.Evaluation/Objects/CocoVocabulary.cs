namespace RlhfV.Evaluation;

/// <summary>Builds the two COCO vocabularies from the table of CHAIR and the rules of the two scripts.</summary>
internal static class CocoVocabulary
{
    private const string Table = "coco-synonyms.txt";

    private static readonly string[] Animals =
        ["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "animal", "cub"];

    private static readonly string[] Chair2018Pairs =
    [
        "motor bike", "motor cycle", "air plane", "traffic light", "street light", "traffic signal", "stop light", "fire hydrant",
        "stop sign", "parking meter", "suit case", "sports ball", "baseball bat", "baseball glove", "tennis racket", "wine glass",
        "hot dog", "cell phone", "mobile phone", "teddy bear", "hair drier", "potted plant", "bow tie", "laptop computer",
        "stove top oven", "home plate", "train track",
    ];

    /// <summary>Words that Object HalBench adds to the table of 2018.</summary>
    private static readonly (string Class, string Word)[] Added =
        [("person", "brother"), ("person", "pedestrian"), ("dining table", "coffee table"), ("remote", "remote control")];

    public static ObjectVocabulary Chair2018()
    {
        (string[] classes, Dictionary<string, string> words) = Read(trim: false);
        return new(classes, words, WithRules(Chair2018Pairs.ToDictionary(pair => pair, StringComparer.Ordinal)));
    }

    public static ObjectVocabulary ObjectHal()
    {
        (string[] classes, Dictionary<string, string> words) = Read(trim: true);
        foreach ((string name, string word) in Added)
        {
            words[word] = name;
        }

        Dictionary<string, string> pairs = ObjectVocabulary.PairsOf(words.Keys);
        pairs["home plate"] = "home plate"; // Neither names an object of a class: merging takes "plate" and "train" out of play.
        pairs["train track"] = "train track";
        return new(classes, words, WithRules(pairs));
    }

    /// <summary>Pairs that count as one of their words.</summary>
    private static Dictionary<string, string> WithRules(Dictionary<string, string> pairs)
    {
        foreach (string animal in Animals)
        {
            pairs[$"baby {animal}"] = animal;
            pairs[$"adult {animal}"] = animal;
        }

        pairs["passenger jet"] = "jet";
        pairs["passenger train"] = "train";
        pairs["bow tie"] = "tie";
        pairs["toilet seat"] = "toilet";
        pairs["wine glas"] = "wine glass"; // What the scripts' word forms make of "wine glass" and "wine glasses".
        return pairs;
    }

    private static (string[] Classes, Dictionary<string, string> Words) Read(bool trim)
    {
        var classes = new List<string>();
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in EmbeddedData.ReadLines(Table))
        {
            // The scripts split at comma and blank; what a doubled blank leaves in front of a word stays there unless it is trimmed.
            string[] names = line.Trim().Split(", ");
            classes.Add(names[0]);
            foreach (string name in names)
            {
                words[trim ? name.Trim() : name] = names[0];
            }
        }

        return ([.. classes], words);
    }
}
