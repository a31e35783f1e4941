using System.Text;

namespace RlhfV.Models.Generation;

/// <summary>
/// Takes off the start of a growing text where that is a certain prefix, white space before it aside, and holds back what may yet become it.
/// </summary>
/// <param name="prefix">The prefix; empty takes nothing off.</param>
internal sealed class AnswerPrefixFilter(string prefix)
{
    private readonly StringBuilder _held = new();
    private bool _decided = prefix.Length == 0;

    /// <summary>Takes a piece and returns the text that is certain to belong to the answer.</summary>
    public string Append(string piece)
    {
        if (_decided)
        {
            return piece;
        }

        string text = _held.Append(piece).ToString();
        string start = text.TrimStart();
        if (start.Length < prefix.Length && prefix.StartsWith(start, StringComparison.Ordinal))
        {
            return string.Empty;
        }

        _decided = true;
        return start.StartsWith(prefix, StringComparison.Ordinal) ? start[prefix.Length..] : text;
    }

    /// <summary>Returns what was held back when the text ends before it is decided.</summary>
    public string Flush() => _decided ? string.Empty : _held.ToString();
}
