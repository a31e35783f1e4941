using System.Globalization;

namespace RlhfV.Evaluation;

/// <summary>Builds the questions of POPE from annotated objects, COCO's or a team's own.</summary>
public sealed class PopeQuestionBuilder
{
    private readonly IReadOnlyList<PopeImage> _images;
    private readonly ulong _seed;

    /// <summary>Takes annotated pictures.</summary>
    /// <param name="images">The pictures; frequencies are counted over those that have enough objects to be asked about.</param>
    /// <param name="seed">Decides the absent objects of <see cref="PopeSplit.Random"/>.</param>
    /// <exception cref="ArgumentException">An object has no name.</exception>
    public PopeQuestionBuilder(IReadOnlyList<PopeImage> images, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(images);
        foreach (PopeImage image in images)
        {
            if (image.Objects.Any(string.IsNullOrWhiteSpace))
            {
                throw new ArgumentException($"The picture '{image.Image}' has an object without a name.", nameof(images));
            }
        }

        _images = images;
        _seed = seed;
    }

    /// <summary>Asks about the first objects of each picture, each followed by an absent one.</summary>
    /// <param name="split">How absent objects are chosen.</param>
    /// <param name="objectsPerImage">How many present objects are asked about; pictures with fewer are skipped.</param>
    /// <returns>
    /// Twice <paramref name="objectsPerImage"/> questions per picture; one present object fewer for each that finds no absent partner.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A number below one, or an unknown split.</exception>
    public IReadOnlyList<PopeQuestion> Build(PopeSplit split, int objectsPerImage = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(objectsPerImage, 1);
        var random = new SplitMix64(_seed);
        var questions = new List<PopeQuestion>();
        PopeImage[] images = [.. _images.Where(image => image.Objects.Count >= objectsPerImage)];
        var seen = new Seen(images);
        foreach (PopeImage image in images)
        {
            var used = image.Objects.ToHashSet(StringComparer.Ordinal);
            foreach (string present in image.Objects.Take(objectsPerImage))
            {
                if (seen.Absent(split, present, used, ref random) is not { } absent)
                {
                    continue; // The picture shows everything there is, or it was asked about already.
                }

                used.Add(absent);
                questions.Add(Question(questions.Count, image.Image, present, isPresent: true));
                questions.Add(Question(questions.Count, image.Image, absent, isPresent: false));
            }
        }

        return questions;
    }

    private static PopeQuestion Question(int asked, string image, string name, bool isPresent)
    {
        string article = name[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a";
        return new((asked + 1).ToString(CultureInfo.InvariantCulture), image, $"Is there {article} {name} in the image?", isPresent);
    }

    /// <summary>How often objects are seen, alone and beside each other.</summary>
    internal sealed class Seen
    {
        /// <summary>Counts the objects of pictures.</summary>
        public Seen(IReadOnlyList<PopeImage> images)
        {
            var frequencies = new Tally();
            var company = new Dictionary<string, Tally>(StringComparer.Ordinal);
            foreach (PopeImage image in images)
            {
                foreach (string name in image.Objects)
                {
                    frequencies.Add(name);
                    if (!company.TryGetValue(name, out Tally? others))
                    {
                        company[name] = others = new();
                    }

                    foreach (string other in image.Objects.Where(other => other != name))
                    {
                        others.Add(other);
                    }
                }
            }

            ByFrequency = frequencies.Descending();
            ByCompany = company.ToDictionary(pair => pair.Key, pair => pair.Value.Descending(), StringComparer.Ordinal);
        }

        /// <summary>All objects, the most frequent first.</summary>
        public List<string> ByFrequency { get; }

        /// <summary>For each object the others, the one seen most often beside it first.</summary>
        public Dictionary<string, List<string>> ByCompany { get; }

        public string? Absent(PopeSplit split, string present, HashSet<string> used, ref SplitMix64 random)
        {
            switch (split)
            {
                case PopeSplit.Popular:
                    return ByFrequency.Find(name => !used.Contains(name));
                case PopeSplit.Adversarial:
                    // An object that was never seen beside this one is no trap: the most frequent one stands in.
                    return ByCompany[present].Find(name => !used.Contains(name)) ?? ByFrequency.Find(name => !used.Contains(name));
                case PopeSplit.Random:
                    List<string> candidates = ByFrequency.FindAll(name => !used.Contains(name));
                    return candidates.Count == 0 ? null : candidates[random.Next(candidates.Count)];
                default:
                    throw new ArgumentOutOfRangeException(nameof(split), split, "The split is not known.");
            }
        }
    }

    /// <summary>Counts names and remembers the order in which they came.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
        private readonly List<string> _order = [];

        public void Add(string name)
        {
            if (!_counts.TryAdd(name, 1))
            {
                _counts[name]++;
            }
            else
            {
                _order.Add(name);
            }
        }

        /// <summary>Most frequent first; equally frequent ones in the order in which they came.</summary>
        public List<string> Descending() => [.. _order.OrderByDescending(name => _counts[name])];
    }
}
