using Microsoft.Extensions.AI;

namespace RlhfV.Preferences;

/// <summary>What became of one <see cref="CorrectionRequest"/>.</summary>
public sealed record CorrectionResult
{
    /// <summary>The request.</summary>
    public required CorrectionRequest Request { get; init; }

    /// <summary>How it ended.</summary>
    public required CorrectionOutcome Outcome { get; init; }

    /// <summary>The pair with its segments when the answer was corrected, else null.</summary>
    public PreferenceExample? Example { get; init; }

    /// <summary>Why there is no verdict when <see cref="Outcome"/> is <see cref="CorrectionOutcome.Failed"/>, else null.</summary>
    public Exception? Failure { get; init; }

    /// <summary>How often the judge was asked; at least 1 unless the request itself could not be sent.</summary>
    public required int Attempts { get; init; }

    /// <summary>Tokens over all attempts, as far as the judge reported them.</summary>
    public UsageDetails Usage { get; init; } = new();
}
