namespace RlhfV.Evaluation;

/// <summary>
/// The objects a benchmark knows: classes, the words that stand for each, and pairs of words that mean something else together than apart
/// (<c>hot dog</c> is no dog).
/// </summary>
public sealed class ObjectVocabulary
{
    private static readonly Lazy<ObjectVocabulary> LazyCoco = new(() => CocoVocabulary.ObjectHal());
    private static readonly Lazy<ObjectVocabulary> LazyChair2018 = new(() => CocoVocabulary.Chair2018());

    private readonly Dictionary<string, string> _classes;

    internal ObjectVocabulary(IReadOnlyList<string> classes, Dictionary<string, string> words, Dictionary<string, string> pairs)
    {
        Classes = classes;
        _classes = words;
        Pairs = pairs;
    }

    /// <summary>
    /// The 80 classes of COCO with the words of Object HalBench: the synonym table of CHAIR (Rohrbach et al., EMNLP 2018), each word
    /// trimmed, and four words more.
    /// </summary>
    public static ObjectVocabulary Coco => LazyCoco.Value;

    /// <summary>
    /// The table of the first CHAIR script as that script reads it: two words keep the blank in front of them and so are never found.
    /// </summary>
    public static ObjectVocabulary Chair2018 => LazyChair2018.Value;

    /// <summary>The classes, in the table's order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Every word that stands for a class; may be several words joined by a blank.</summary>
    public IEnumerable<string> Words => _classes.Keys;

    /// <summary>Two words joined by a blank, and what they count as together; need not be a word of a class.</summary>
    public IReadOnlyDictionary<string, string> Pairs { get; }

    /// <summary>Finds the class of a word, letter by letter: case matters.</summary>
    /// <param name="word">The word in its base form.</param>
    /// <param name="objectClass">Its class.</param>
    /// <returns>False when the word stands for no class.</returns>
    public bool TryGetClass(string word, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? objectClass) =>
        _classes.TryGetValue(word, out objectClass);

    /// <summary>Reads a vocabulary of your own.</summary>
    /// <param name="path">
    /// A text file, one class per line: its name, then the other words for it, separated by commas. Base forms only (<c>mouse</c>, not
    /// <c>mice</c>). Empty lines and lines that begin with <c>#</c> are skipped.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A word is empty or stands for two classes, or the file holds no class.</exception>
    public static ObjectVocabulary Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no vocabulary file '{path}'.", path);
        }

        return Parse(File.ReadLines(path), path);
    }

    internal static ObjectVocabulary Parse(IEnumerable<string> lines, string source)
    {
        var classes = new List<string>();
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((int index, string line) in lines.Index())
        {
            if (line.AsSpan().Trim() is [] or ['#', ..])
            {
                continue;
            }

            string[] names = [.. line.Split(',').Select(word => word.Trim())];
            if (!classes.Contains(names[0])) // A class may go on in a later line.
            {
                classes.Add(names[0]);
            }

            foreach (string name in names)
            {
                if (name.Length == 0)
                {
                    throw new InvalidDataException($"{source}, line {index + 1}: an empty word between commas; remove one of them.");
                }

                if (!words.TryAdd(name, names[0]) && words[name] != names[0])
                {
                    throw new InvalidDataException(
                        $"{source}, line {index + 1}: '{name}' stands for '{names[0]}' here and for '{words[name]}' above; a word has " +
                        "one class.");
                }
            }
        }

        return classes.Count > 0
            ? new(classes, words, PairsOf(words.Keys))
            : throw new InvalidDataException($"{source} holds no class; expected lines such as 'car, automobile, van'.");
    }

    /// <summary>Every word that is a pair, as itself.</summary>
    internal static Dictionary<string, string> PairsOf(IEnumerable<string> words) =>
        words.Where(word => word.Contains(' ')).ToDictionary(word => word, StringComparer.Ordinal);
}
