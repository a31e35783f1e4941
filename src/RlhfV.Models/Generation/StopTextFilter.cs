using System.Text;

namespace RlhfV.Models.Generation;

/// <summary>Watches a growing text for stop texts, across the borders of its pieces, and holds back what may yet become one.</summary>
/// <param name="stops">Stop texts, none empty.</param>
internal sealed class StopTextFilter(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>True once a stop text was seen.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes a piece and returns the text that is certain to belong to the answer.</summary>
    public string Append(string piece)
    {
        if (stops.Count == 0 || Stopped)
        {
            return Stopped ? string.Empty : piece;
        }

        string text = _held.Append(piece).ToString();
        int first = stops.Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (first >= 0)
        {
            Stopped = true;
            return text[..first];
        }

        int hold = stops.Max(s => PartAtEnd(text, s));
        _held.Clear().Append(text, text.Length - hold, hold);
        return text[..^hold];
    }

    /// <summary>Returns what was held back when the text ends without a stop text.</summary>
    public string Flush() => Stopped ? string.Empty : _held.ToString();

    private static int PartAtEnd(string text, string stop)
    {
        for (int length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
