using RlhfV.Models.Images;

namespace RlhfV.Training.Examples;

/// <summary>Encodes lists of examples: bad ones are refused or left out with their reason.</summary>
internal static class ExampleEncoding
{
    /// <summary>Encodes examples in order.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="nameOf">The example's own name, or null.</param>
    /// <param name="encode">Encodes one example under the name by which messages call it.</param>
    /// <param name="invalid">What happens to those that cannot be trained on.</param>
    /// <param name="cancellation">Looked at before each example.</param>
    /// <exception cref="ArgumentException">An example cannot be trained on and is not to be skipped, or none is left.</exception>
    public static EncodedExamples<TEncoded> Encode<TExample, TEncoded>(
        IReadOnlyList<TExample> examples,
        Func<TExample, string?> nameOf,
        Func<TExample, string, TEncoded> encode,
        InvalidExamplePolicy invalid,
        CancellationToken cancellation)
    {
        var items = new List<TEncoded>(examples.Count);
        var skipped = new List<SkippedExample>();
        for (int i = 0; i < examples.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            string id = IdOf(i, nameOf(examples[i]));
            try
            {
                items.Add(encode(examples[i], id));
            }
            catch (Exception e) when (e is ArgumentException or ImageFormatException or IOException)
            {
                if (invalid != InvalidExamplePolicy.Skip)
                {
                    throw new ArgumentException(
                        $"E{id[1..]} cannot be trained on: {Reason(e, id)} "
                        + $"{nameof(TrainingOptions.InvalidExamples)} = {InvalidExamplePolicy.Skip} leaves such examples out and lists all of them.",
                        nameof(examples), e);
                }

                skipped.Add(new SkippedExample(id, Reason(e, id)));
            }
        }

        return items.Count > 0
            ? new EncodedExamples<TEncoded>(items, skipped)
            : throw new ArgumentException(
                skipped.Count == 0
                    ? "There is no example to train on."
                    : $"None of the {skipped.Count} examples can be trained on. The first: {skipped[0].Id}: {skipped[0].Reason}",
                nameof(examples));
    }

    /// <summary>What messages call an example.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="name">Its own name, or null.</param>
    public static string IdOf(int index, string? name) => name is null ? $"example {index}" : $"example {index} ({name})";

    /// <summary>The message without what the sentence around it says already: the example's name, and which method's argument it was.</summary>
    private static string Reason(Exception problem, string id)
    {
        string reason = problem.Message;
        if (problem is ArgumentException { ParamName: { } parameter })
        {
            reason = reason.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal);

            // The framework's own sentences do not name what they speak of.
            reason = reason.StartsWith("The value ", StringComparison.Ordinal) ? $"{parameter}: {reason}" : reason;
        }

        return reason.StartsWith($"{id} ", StringComparison.Ordinal) ? $"it{reason[id.Length..]}" : reason;
    }

    /// <summary>Refuses what is longer than the limit.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void RequireLength(string id, int tokens, int limit)
    {
        if (tokens > limit)
        {
            throw new ArgumentException(
                $"{id} takes {tokens} tokens with its pictures; expected at most {limit}. "
                + "Shorten it, or raise MaxTokens if the model allows.");
        }
    }
}
