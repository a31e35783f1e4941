using Microsoft.ML;
using RlhfV.ML.PreferenceData;
using RlhfV.ML.Rows;
using RlhfV.Models.Images;
using RlhfV.Preferences;
using RlhfV.Training.Examples;

namespace RlhfV.ML.ReferenceScoring;

/// <summary>Scores the answers of rows.</summary>
/// <param name="scorer">Scores.</param>
/// <param name="options">Checked options.</param>
internal sealed class ReferenceComputation(ReferenceScorer scorer, ReferenceLogProbsOptions options)
    : RowComputation<PreferenceRow, ReferenceLogProbs>
{
    /// <summary>The parts of an example that decide its log-probabilities, and its name.</summary>
    public static IReadOnlySet<string> Parts { get; } = new HashSet<string>
    {
        PreferenceColumn.Prompt, PreferenceColumn.Chosen, PreferenceColumn.Rejected, PreferenceColumn.History, PreferenceColumn.Id,
        PreferenceColumn.ImagePath, PreferenceColumn.MoreImages, PreferenceColumn.ImagePlaces,
    };

    public override int BatchSize => options.BatchSize;

    public override IReadOnlyList<OutputColumn<ReferenceLogProbs>> Outputs { get; } =
    [
        OutputColumn<ReferenceLogProbs>.Text(options.OutputColumnName, logProbs => PreferenceText.Write(logProbs)!),
        OutputColumn<ReferenceLogProbs>.Single(options.ChosenColumnName, logProbs => (float)logProbs.ChosenSum),
        OutputColumn<ReferenceLogProbs>.Single(options.RejectedColumnName, logProbs => (float)logProbs.RejectedSum),
    ];

    public override IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema) =>
        new PreferenceReader(schema, options.Columns, Parts).Columns;

    public override Func<PreferenceRow> Open(DataViewRow row)
    {
        Func<PreferenceExample> read = new PreferenceReader(row.Schema, options.Columns, Parts).Open(row);
        return () => new PreferenceRow(row.Position + 1, read());
    }

    public override IReadOnlyList<ReferenceLogProbs> Compute(IReadOnlyList<PreferenceRow> requests)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        var pixels = new Dictionary<string, ProcessedImage>();
        return scorer.Score([.. requests.Select(request => Encode(request, pixels))], pixels);
    }

    private EncodedPair Encode(PreferenceRow request, Dictionary<string, ProcessedImage> pixels)
    {
        try
        {
            return scorer.Encoder.Encode(request.Example, $"row {request.Row}", (picture, image) => pixels.TryAdd(picture.Key, image));
        }
        catch (Exception problem) when (problem is ArgumentException or ImageFormatException or IOException)
        {
            string column = problem is ArgumentException ? options.Columns.ChosenColumnName : options.Columns.ImageColumnName;
            throw new RowDataException(request.Row, column, problem.Message, problem);
        }
    }
}
