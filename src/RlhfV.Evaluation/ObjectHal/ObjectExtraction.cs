using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RlhfV.Evaluation;

/// <summary>The question by which a language model is asked for the objects of a response, and the form its reply must have.</summary>
internal sealed class ObjectExtraction
{
    /// <summary>SHA-256 of the prompt file of the published script, with line feeds and without one at the end.</summary>
    public const string OfficialPromptHash = "c3dc8146b288c75245224456441b366c51eb64a173436beb05fbffbd6bec06ff";

    private const string Question = "{question}", Answer = "{answer}";

    /// <summary>A response of so many words or fewer names no object, by the script's rule, and the model is not asked.</summary>
    private const int ShortResponse = 3;

    private readonly string _template;

    /// <summary>Takes a prompt.</summary>
    /// <param name="path">A file with the places <c>{question}</c> and <c>{answer}</c>; null for this package's own prompt.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file lacks a place.</exception>
    public ObjectExtraction(string? path)
    {
        if (path is null)
        {
            _template = EmbeddedData.ReadText("object-extraction-prompt.txt");
        }
        else if (File.Exists(path))
        {
            _template = File.ReadAllText(path);
        }
        else
        {
            throw new FileNotFoundException($"There is no prompt file '{path}'.", path);
        }

        if (!_template.Contains(Question, StringComparison.Ordinal) || !_template.Contains(Answer, StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"{path} is no extraction prompt: expected a text with the places '{Question}' and '{Answer}', which are filled in.");
        }

        IsOfficial = Judge.Hash(_template.ReplaceLineEndings("\n").TrimEnd('\n')) == OfficialPromptHash;
        Task = new()
        {
            Benchmark = "objhal",
            Template = _template,
            Role = ChatRole.System,
            Temperature = 0.2f,
            TopP = 1,
            MaxOutputTokens = 512,
            IsUsable = reply => Parse(reply) is not null,
        };
    }

    /// <summary>True when the prompt is that of the published script.</summary>
    public bool IsOfficial { get; }

    /// <summary>Role and sampling of the published script: one system message, temperature 0.2, top p 1, 512 tokens.</summary>
    public JudgeTask Task { get; }

    public string Prompt(string question, string response)
    {
        // One pass over the template: a question that contains "{answer}" must not become a second place for the answer.
        string[] parts = _template.Split(Question);
        return string.Join(question, parts.Select(part => part.Replace(Answer, response, StringComparison.Ordinal)));
    }

    public static bool IsAsked(string response) =>
        response.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length > ShortResponse;

    /// <summary>
    /// The objects of a reply, or null when it is no list of strings: the whole reply as JSON or, where it contains <c>["</c>, its last
    /// line.
    /// </summary>
    public static IReadOnlyList<string>? Parse(string reply)
    {
        if (ParseList(reply) is { } whole)
        {
            return whole;
        }

        string trimmed = reply.Trim();
        return trimmed.Contains("[\"", StringComparison.Ordinal) ? ParseList(trimmed[(trimmed.LastIndexOf('\n') + 1)..]) : null;
    }

    private static IReadOnlyList<string>? ParseList(string text)
    {
        try
        {
            // By bytes, where half an emoji becomes U+FFFD: given characters, the reader stops at it.
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
                ? [.. root.EnumerateArray().Select(e => JsonText.Of(e))]
                : null;
        }
        catch (JsonException)
        {
            return null; // Not JSON is an ordinary reply of a language model: the caller asks again and counts it.
        }
    }
}
