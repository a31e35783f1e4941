using System.ComponentModel.DataAnnotations;

namespace RlhfV.ML;

/// <summary>What <see cref="ReferenceLogProbsEstimator"/> reads and adds.</summary>
public sealed class ReferenceLogProbsOptions
{
    /// <summary>The columns of the pairs. Corrections are not looked at.</summary>
    /// <value>The default is the columns that <see cref="VisionLanguageCatalog.LoadPreferences(string, Preferences.PreferenceReadOptions?)"/> gives.</value>
    [Required]
    public PreferenceColumnNames Columns { get; set; } = new();

    /// <summary>
    /// The text column to add: JSON of <see cref="Preferences.ReferenceLogProbs"/>, per token and summed. Under its default name
    /// <see cref="VisionLanguageCatalog.CreatePreferences"/> finds it, so that it can be written into preference files.
    /// </summary>
    /// <value>The default is "ReferenceLogProbs".</value>
    [Required]
    public string OutputColumnName { get; set; } = "ReferenceLogProbs";

    /// <summary>The column to add with the sum over the chosen answer's tokens, in nats, <see cref="float"/>.</summary>
    /// <value>The default is "ChosenLogProb".</value>
    [Required]
    public string ChosenColumnName { get; set; } = "ChosenLogProb";

    /// <summary>The column to add with the sum over the rejected answer's tokens, in nats, <see cref="float"/>.</summary>
    /// <value>The default is "RejectedLogProb".</value>
    [Required]
    public string RejectedColumnName { get; set; } = "RejectedLogProb";

    /// <summary>Pairs that pass the network together.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 1024)]
    public int BatchSize { get; set; } = 4;

    /// <summary>Looked at before each batch.</summary>
    /// <value>The default never cancels.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>A copy that later changes do not reach, after all checks.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    internal ReferenceLogProbsOptions Checked(string parameter)
    {
        List<string> mistakes = OptionsCheck.Annotations(this);
        var copy = (ReferenceLogProbsOptions)MemberwiseClone();
        OptionsCheck.Add(mistakes, () => copy.Columns = Columns?.Checked(nameof(Columns))!);
        string[] names = [OutputColumnName, ChosenColumnName, RejectedColumnName];
        if (names.Distinct().Count() < names.Length)
            mistakes.Add($"Two of the added columns have the same name ({string.Join(", ", names)}); expected three different ones.");
        OptionsCheck.ThrowIfAny(mistakes, nameof(ReferenceLogProbsOptions), parameter);
        return copy;
    }
}
