namespace RlhfV.Preferences;

/// <summary>Groups of pictures that examples show together, directly or through other examples. Pictures that stand alone are not kept.</summary>
internal sealed class PictureLinks
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);

    private PictureLinks()
    {
    }

    /// <summary>Finds the groups.</summary>
    /// <param name="examples">The examples; read once.</param>
    public static PictureLinks Of(IEnumerable<PreferenceExample> examples)
    {
        var links = new PictureLinks();
        foreach (PreferenceExample example in examples.Where(example => example.MoreImages.Count > 0))
        {
            string[] keys = [.. example.Images.Select(ImageKey.Of)];
            foreach (string key in keys)
                links.Join(keys[0], key);
        }

        return links;
    }

    /// <summary>The picture that stands for a picture's group: the first by its key, whatever the order of the examples; itself if alone.</summary>
    public string Find(string key)
    {
        string root = key;
        while (_parents.TryGetValue(root, out string? parent) && parent != root)
            root = parent;

        // Shortens the way for the next question, so that long chains of pairs cost no time.
        while (_parents.TryGetValue(key, out string? next) && next != root)
        {
            _parents[key] = root;
            key = next;
        }

        return root;
    }

    private void Join(string first, string second)
    {
        (string one, string other) = (Find(first), Find(second));
        (string small, string large) = string.CompareOrdinal(one, other) <= 0 ? (one, other) : (other, one);
        _parents[small] = small;
        _parents[large] = small;
    }
}
