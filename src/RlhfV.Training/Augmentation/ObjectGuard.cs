using System.Text.RegularExpressions;
using RlhfV.Training.Examples;

namespace RlhfV.Training.Augmentation;

/// <summary>Keeps changes that could make an answer untrue away from pictures that answers describe.</summary>
/// <param name="options">The changes; null for none.</param>
internal sealed partial class ObjectGuard(AugmentationOptions? options)
{
    private readonly IReadOnlyList<string> _changes = options is { ObjectChanges: ObjectChanges.Refuse } ? options.ChangesOfObjects : [];

    /// <summary>Refuses examples of which one's texts a change could make untrue.</summary>
    /// <typeparam name="T">An example.</typeparam>
    /// <param name="examples">The examples.</param>
    /// <param name="nameOf">The example's own name, or null.</param>
    /// <param name="hasPicture">Whether it has a picture.</param>
    /// <param name="textsOf">Its question and answers.</param>
    /// <exception cref="ArgumentException">One describes a picture, and changes could move or remove what it describes.</exception>
    public void Check<T>(IReadOnlyList<T> examples, Func<T, string?> nameOf, Func<T, bool> hasPicture, Func<T, string[]> textsOf)
    {
        for (int i = 0; i < examples.Count && _changes.Count > 0; i++)
        {
            Check(ExampleEncoding.IdOf(i, nameOf(examples[i])), hasPicture(examples[i]), textsOf(examples[i]));
        }
    }

    /// <summary>Refuses an example whose texts a change could make untrue.</summary>
    /// <param name="id">What messages call the example.</param>
    /// <param name="hasPicture">Whether it has a picture.</param>
    /// <param name="texts">Its question and answers.</param>
    /// <exception cref="ArgumentException">It describes a picture, and changes could move or remove what it describes.</exception>
    public void Check(string id, bool hasPicture, params ReadOnlySpan<string> texts)
    {
        if (_changes.Count == 0 || !hasPicture)
        {
            return;
        }

        string reason = "its answer tells what is to be seen";
        foreach (string text in texts)
        {
            if (Place().Match(text) is { Success: true } place)
            {
                reason = $"'{place.Value}' tells where something is";
                break;
            }
        }

        throw new ArgumentException(
            $"{string.Join(", ", _changes)} can move objects of a picture or take them out of it, but {reason} in {id}: training would praise a "
            + $"description of what is not there. Use operations that change colours only ({nameof(AugmentationOptions)}."
            + $"{nameof(AugmentationOptions.Photometric)}), or set {nameof(AugmentationOptions.ObjectChanges)} to {nameof(ObjectChanges.Allow)}.");
    }

    [GeneratedRegex(
        @"\b(left|right|above|below|top|bottom|behind|between|beside|next to|in front of|under|over|middle|cent(er|re)|corner|foreground|background)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
