namespace RlhfV.Models;

/// <summary>A conversation with pictures, as a model is asked. Immutable: every change gives a new prompt.</summary>
public sealed record Prompt
{
    /// <summary>Makes a prompt of turns.</summary>
    /// <param name="turns">The turns in order; usually user and assistant by turns, the last one the user's.</param>
    /// <param name="system">See <see cref="System"/>.</param>
    public Prompt(IReadOnlyList<PromptTurn> turns, string? system = null)
    {
        ArgumentNullException.ThrowIfNull(turns);
        Turns = turns;
        System = system;
    }

    /// <summary>The turns in order.</summary>
    public IReadOnlyList<PromptTurn> Turns { get; init; }

    /// <summary>
    /// What the model is told before the conversation; null leaves that to the chat template, which may have a sentence of its own.
    /// </summary>
    public string? System { get; init; }

    /// <summary>The pictures of all turns, in order.</summary>
    public IEnumerable<ImageSource> Images => Turns.SelectMany(t => t.Parts).OfType<ImagePart>().Select(p => p.Image);

    /// <summary>One question about some pictures.</summary>
    /// <param name="text">The question.</param>
    /// <param name="images">The pictures, which stand before the question; none for a question about nothing seen.</param>
    public static Prompt Ask(string text, params ReadOnlySpan<ImageSource> images) => new([Turn(PromptRole.User, text, images)]);

    /// <summary>The prompt with the model's answer behind it.</summary>
    /// <param name="text">The answer.</param>
    public Prompt WithAnswer(string text) => this with { Turns = [.. Turns, Turn(PromptRole.Assistant, text, [])] };

    /// <summary>The prompt with another question behind it.</summary>
    /// <param name="text">The question.</param>
    /// <param name="images">Pictures that stand before the question.</param>
    public Prompt WithQuestion(string text, params ReadOnlySpan<ImageSource> images) =>
        this with { Turns = [.. Turns, Turn(PromptRole.User, text, images)] };

    private static PromptTurn Turn(PromptRole role, string text, ReadOnlySpan<ImageSource> images)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new List<PromptPart>(images.Length + 1);
        foreach (ImageSource image in images)
            parts.Add(new ImagePart(image ?? throw new ArgumentNullException(nameof(images), "A picture is null.")));
        parts.Add(new TextPart(text));
        return new PromptTurn(role, parts);
    }
}
