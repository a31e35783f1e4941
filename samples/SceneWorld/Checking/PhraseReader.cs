using System.Collections.Frozen;
using RlhfV.Preferences;

namespace SceneWorld;

/// <summary>Finds the phrases of one sentence: the longest that starts at each word, from left to right.</summary>
internal sealed class PhraseReader
{
    private static readonly FrozenSet<string> Pictures = FrozenSet.Create("picture", "image", "scene", "drawing");

    // Words of the grammar that claim nothing.
    private static readonly FrozenSet<string> Plain = FrozenSet.Create(
        "this", "that", "the", "a", "an", "picture", "image", "scene", "drawing", "shows", "show", "here", "looks", "like", "in", "on", "at",
        "of", "we", "you",
        "can", "be", "see", "seen", "there", "with", "was", "made", "view", "gives", "part", "also", "everything", "easy", "to", "clear",
        "bright", "calm", "tidy", "it", "simple", "nothing", "else", "going", "light", "soft", "even", "whole", "quiet", "room");

    private readonly IReadOnlyList<CaptionToken> _tokens;

    private PhraseReader(IReadOnlyList<CaptionToken> tokens) => _tokens = tokens;

    /// <summary>Reads a sentence.</summary>
    /// <param name="tokens">Its words and commas, without the mark at its end.</param>
    public static List<Phrase> Read(IReadOnlyList<CaptionToken> tokens)
    {
        var reader = new PhraseReader(tokens);
        var phrases = new List<Phrase>();
        for (int i = 0; i < tokens.Count;)
        {
            (Phrase phrase, int next) = reader.ReadAt(i);
            phrases.Add(phrase);
            i = next;
        }

        return phrases;
    }

    private (Phrase Phrase, int Next) ReadAt(int i) =>
        ReadRelation(i) ?? ReadPlace(i) ?? ReadObject(i) ?? ReadSetting(i) ?? ReadWord(i);

    private (Phrase Phrase, int Next)? ReadRelation(int i)
    {
        SpatialRelation? near = WordAt(i) switch
        {
            "above" or "over" => SpatialRelation.Above,
            "below" or "under" => SpatialRelation.Below,
            _ => null,
        };
        if (near is { } relation)
        {
            return (Make(PhraseKind.Relation, i, i + 1, relation), i + 1);
        }

        int at = WordAt(i) is "to" or "on" or "at" ? i + 1 : i;
        at += WordAt(at) == "the" ? 1 : 0;
        if (ColumnAt(at) is not { } side)
        {
            return null;
        }

        at += WordAt(at + 1) == "side" ? 2 : 1;
        if (WordAt(at) != "of" || PictureEnd(at) > 0)
        {
            return null;
        }

        return (Make(PhraseKind.Relation, i, at + 1, side == SceneColumn.Left ? SpatialRelation.LeftOf : SpatialRelation.RightOf), at + 1);
    }

    private (Phrase Phrase, int Next)? ReadPlace(int i)
    {
        if (WordAt(i) is not ("on" or "at" or "in" or "to"))
        {
            return null;
        }

        int at = WordAt(i + 1) == "the" ? i + 2 : i + 1;
        SceneRow? row = null;
        SceneColumn? column = null;
        while (true)
        {
            if (RowAt(at) is { } height && row is null)
            {
                row = height;
            }
            else if (ColumnAt(at) is { } side && column is null)
            {
                column = side;
            }
            else
            {
                break;
            }

            at++;
        }

        if (row is null && column is null)
        {
            return null;
        }

        at += WordAt(at) is "side" or "corner" or "part" ? 1 : 0;
        int end = PictureEnd(at);
        at = end > 0 ? end : at;
        var phrase = new Phrase { Kind = PhraseKind.Place, Span = SpanOf(i, at), Text = TextOf(i, at), Row = row, Column = column };
        return (phrase, at);
    }

    private (Phrase Phrase, int Next)? ReadObject(int i)
    {
        int at = i;
        int? count = null;
        bool determined = true;
        string first = WordAt(at);
        if (first is "a" or "an")
        {
            count = 1;
        }
        else if (Lexicon.TryNumber(first, out int number))
        {
            count = number;
        }
        else if (first is not "the")
        {
            determined = false;
        }

        at += determined ? 1 : 0;
        SceneColour? colour = null;
        TextSpan colourSpan = default;
        if (Lexicon.TryColour(WordAt(at), out SceneColour named))
        {
            (colour, colourSpan) = (named, _tokens[at].Span);
            at++;
        }

        if (!Lexicon.TryNoun(WordAt(at), out var noun))
        {
            return null;
        }

        var phrase = new Phrase
        {
            Kind = PhraseKind.Object,
            Span = SpanOf(i, at + 1),
            Text = TextOf(i, at + 1),
            Thing = noun.Kind,
            Name = noun.Variant,
            Plural = noun.Plural,
            Count = count,
            Determiner = determined ? _tokens[i].Span : null,
            Noun = _tokens[at].Span,
            Colour = colour,
            ColourSpan = colourSpan,
        };
        return (phrase, at + 1);
    }

    private (Phrase Phrase, int Next)? ReadSetting(int i)
    {
        for (int words = 2; words >= 1; words--)
        {
            if (i + words <= _tokens.Count && Lexicon.TrySetting(TextOf(i, i + words), out Setting setting))
            {
                int end = i + words;
                return (new Phrase { Kind = PhraseKind.Setting, Span = SpanOf(i, end), Text = TextOf(i, end), Setting = setting }, end);
            }
        }

        return null;
    }

    private (Phrase Phrase, int Next) ReadWord(int i)
    {
        string word = WordAt(i);
        TextSpan span = _tokens[i].Span;
        Phrase phrase = word switch
        {
            "," or "and" or "while" => new Phrase { Kind = PhraseKind.Separator, Span = span, Text = word },
            "is" or "are" => new Phrase { Kind = PhraseKind.Verb, Span = span, Text = word, Plural = word == "are" },
            _ when Lexicon.TryColour(word, out SceneColour colour) =>
                new Phrase { Kind = PhraseKind.Colour, Span = span, Text = word, Colour = colour, ColourSpan = span },
            _ when Lexicon.TryAction(word, out SceneAction action) =>
                new Phrase { Kind = PhraseKind.Action, Span = span, Text = word, Action = action },
            _ => new Phrase { Kind = Plain.Contains(word) ? PhraseKind.Word : PhraseKind.Unknown, Span = span, Text = word },
        };
        return (phrase, i + 1);
    }

    // "of the picture" makes a place of what would be a relation before any other noun.
    private int PictureEnd(int i)
    {
        if (WordAt(i) != "of")
        {
            return 0;
        }

        int at = WordAt(i + 1) is "the" or "this" ? i + 2 : i + 1;
        return Pictures.Contains(WordAt(at)) ? at + 1 : 0;
    }

    private Phrase Make(PhraseKind kind, int from, int to, SpatialRelation relation) =>
        new() { Kind = kind, Span = SpanOf(from, to), Text = TextOf(from, to), Relation = relation };

    private SceneColumn? ColumnAt(int i) => WordAt(i) switch { "left" => SceneColumn.Left, "right" => SceneColumn.Right, _ => null };

    private SceneRow? RowAt(int i) =>
        WordAt(i) switch { "top" => SceneRow.Top, "middle" => SceneRow.Middle, "bottom" => SceneRow.Bottom, _ => null };

    private string WordAt(int i) => i < _tokens.Count ? _tokens[i].Word : "";

    private TextSpan SpanOf(int from, int to) => new(_tokens[from].Span.Start, _tokens[to - 1].Span.End - _tokens[from].Span.Start);

    private string TextOf(int from, int to) => string.Join(' ', Enumerable.Range(from, to - from).Select(WordAt));
}
