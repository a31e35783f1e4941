namespace RlhfV.Preferences;

/// <summary>How a <see cref="CorrectionAssistant"/> asks.</summary>
public sealed record CorrectionAssistantOptions
{
    /// <summary>The prompt that is used unless another is set.</summary>
    public const string DefaultPromptTemplate =
        """
        You correct the answer of a vision-language model about a picture. Change only what is factually wrong: objects that are
        not there, wrong positions, numbers, attributes or actions. Keep every other word, its order and the style exactly as they
        are. Prefer replacing a phrase; delete one only if nothing true can stand in its place. Do not add new facts.

        What is known of the picture:
        {description}

        Question:
        {question}

        Answer to correct:
        {answer}

        Reply with one JSON object and nothing else:
        {
          "corrected": "the whole answer after correction",
          "corrections": [
            { "wrong": "phrase of the answer", "right": "phrase that replaces it", "type": "one of {types}" }
          ]
        }
        If nothing is wrong, give the answer unchanged and an empty list.
        """;

    /// <summary>What <c>{description}</c> becomes when a request has none.</summary>
    public const string DefaultMissingDescription = "See the picture.";

    /// <summary>
    /// The question to the judge. <c>{answer}</c> must occur; <c>{question}</c>, <c>{description}</c> and <c>{types}</c> may. The default
    /// is <see cref="DefaultPromptTemplate"/>.
    /// </summary>
    public string PromptTemplate { get; init; } = DefaultPromptTemplate;

    /// <summary>
    /// The types the judge may use; anything else in its verdict counts as an error. The default is the six of the paper.
    /// </summary>
    public IReadOnlyList<HallucinationType> Types { get; init; } = HallucinationType.All;

    /// <summary>
    /// How often one request is tried, 1 to 10: a malformed verdict is sent back with its error, a failed call is repeated. The default
    /// is 3.
    /// </summary>
    public int MaximumAttempts { get; init; } = 3;

    /// <summary>Pause before a failed call is repeated; it doubles each time. The default is one second.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many requests are under way at a time, at least 1. The default is 4.</summary>
    public int MaximumConcurrency { get; init; } = 4;

    /// <summary>
    /// The largest part of the answer a correction may change, 0 to 1; more counts as an error, except in answers of a few words. The
    /// default is 0.5.
    /// </summary>
    public double MaximumChangedShare { get; init; } = 0.5;

    /// <summary>How answer and correction are compared. The default compares words with edits kept apart.</summary>
    public SegmentDiffOptions Diff { get; init; } = new() { MinimumMatch = 1 };

    /// <summary>The clock of pauses and of <see cref="CorrectedSegment.Time"/>. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate(string parameter)
    {
        var problems = new List<string>();
        if (!PromptTemplate.Contains("{answer}", StringComparison.Ordinal))
            problems.Add($"{nameof(PromptTemplate)} does not hold {{answer}}.");
        if (Types.Count == 0)
            problems.Add($"{nameof(Types)} is empty.");
        if (MaximumAttempts is < 1 or > 10)
            problems.Add($"{nameof(MaximumAttempts)} is {MaximumAttempts}, expected 1 to 10.");
        if (RetryDelay < TimeSpan.Zero)
            problems.Add($"{nameof(RetryDelay)} is {RetryDelay}, expected zero or more.");
        if (MaximumConcurrency < 1)
            problems.Add($"{nameof(MaximumConcurrency)} is {MaximumConcurrency}, expected at least 1.");
        if (!(MaximumChangedShare is > 0 and <= 1))
            problems.Add($"{nameof(MaximumChangedShare)} is {MaximumChangedShare}, expected above 0 and up to 1.");
        if (problems.Count > 0)
            throw new ArgumentException($"The options of the correction assistant are not valid: {string.Join(' ', problems)}", parameter);
    }
}
