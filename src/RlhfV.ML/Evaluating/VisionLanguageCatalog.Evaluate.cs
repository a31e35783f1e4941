using System.Globalization;
using Microsoft.ML;
using RlhfV.Evaluation;
using RlhfV.ML.Evaluating;

namespace RlhfV.ML;

/// <content>The evaluators. Each reads its columns once and gives the immutable result of the evaluation package.</content>
public sealed partial class VisionLanguageCatalog
{
    /// <summary>Measures how much answers hallucinate by what was found wrong with them (RLHF-V, section 4.1).</summary>
    /// <param name="data">One answer per row.</param>
    /// <param name="columns">Which columns hold what; null measures the rejected answers of preference data by their corrections.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <returns>Rates per response, per mention and per type, recall and length, with confidence intervals.</returns>
    /// <exception cref="ArgumentException">Names are wrong, a column is missing or of the wrong type, or there is no row.</exception>
    /// <exception cref="RowDataException">A row's segments cannot be read, or do not lie in its answer.</exception>
    public HallucinationMetrics Evaluate(IDataView data, HallucinationColumnNames? columns = null, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        HallucinationColumnNames names = (columns ?? new HallucinationColumnNames()).Checked(nameof(columns));
        return HallucinationMetrics.From(HallucinationReader.Read(data, names), bootstrap);
    }

    /// <summary>Object HalBench without a judge: objects are found by their words and compared with what the pictures show.</summary>
    /// <param name="data">One description per row.</param>
    /// <param name="truth">The objects of each picture.</param>
    /// <param name="captionColumnName">Text: the descriptions.</param>
    /// <param name="imageIdColumnName">Text or whole numbers: the pictures' identifiers in <paramref name="truth"/>.</param>
    /// <param name="options">How to read and score; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public ObjectHalResult EvaluateObjectHal(
        IDataView data, ObjectTruth truth, string captionColumnName = "Caption", string imageIdColumnName = "ImageId", ObjectHalOptions? options = null) =>
        new ObjectHalBench(truth, options).ScoreLexical(Answers(data, captionColumnName, imageIdColumnName));

    /// <summary>CHAIR (Rohrbach et al., EMNLP 2018): the share of captions, and of mentions, with objects that the pictures do not show.</summary>
    /// <param name="data">One caption per row.</param>
    /// <param name="truth">The objects of each picture.</param>
    /// <param name="captionColumnName">Text: the captions.</param>
    /// <param name="imageIdColumnName">Text or whole numbers: the pictures' identifiers in <paramref name="truth"/>.</param>
    /// <param name="mode">How words are read.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public ChairResult EvaluateChair(
        IDataView data, ObjectTruth truth, string captionColumnName = "Caption", string imageIdColumnName = "ImageId",
        ScoringMode mode = ScoringMode.Strict) =>
        new Chair(truth, mode).Score(Answers(data, captionColumnName, imageIdColumnName));

    /// <summary>POPE (Li et al., EMNLP 2023): yes/no answers on whether an object is there.</summary>
    /// <param name="data">One question per row.</param>
    /// <param name="answerColumnName">Text: the answers.</param>
    /// <param name="labelColumnName">Truth values: whether the object is there.</param>
    /// <param name="mode">How answers are read.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public PopeResult EvaluatePope(
        IDataView data, string answerColumnName = "Caption", string labelColumnName = "Label", ScoringMode mode = ScoringMode.Strict,
        BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var rows = new EvaluationRows(data);
        Func<DataViewRow, Func<string>> answer = rows.Text(answerColumnName, nameof(answerColumnName));
        Func<DataViewRow, Func<bool>> label = rows.Flag(labelColumnName, nameof(labelColumnName));
        IReadOnlyList<(PopeQuestion Question, PopeAnswer Answer)> items = rows.Read<(PopeQuestion, PopeAnswer)>(row =>
        {
            (Func<string> getAnswer, Func<bool> getLabel) = (answer(row), label(row));
            return () =>
            {
                string id = (row.Position + 1).ToString(CultureInfo.InvariantCulture);
                return (new PopeQuestion(id, "", "", getLabel()), new PopeAnswer(id, getAnswer()));
            };
        });
        return Pope.Score([.. items.Select(item => item.Question)], [.. items.Select(item => item.Answer)], mode, bootstrap);
    }

    /// <summary>AMBER (Wang et al., 2023): descriptions and yes/no questions on existence, attributes and relations.</summary>
    /// <param name="data">One item per row.</param>
    /// <param name="amber">Annotations and word lists.</param>
    /// <param name="answerColumnName">Text: the answers.</param>
    /// <param name="idColumnName">The items' numbers, <see cref="int"/>.</param>
    /// <param name="options">How to read and score; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public AmberResult EvaluateAmber(
        IDataView data, AmberData amber, string answerColumnName = "Caption", string idColumnName = "Id", AmberOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrWhiteSpace(idColumnName);
        var rows = new EvaluationRows(data);
        Func<DataViewRow, Func<string>> answer = rows.Text(answerColumnName, nameof(answerColumnName));
        Func<DataViewRow, Func<int>> id = rows.Count(idColumnName, nameof(idColumnName))!;
        return new Amber(amber, options).Score(rows.Read<AmberAnswer>(row =>
        {
            (Func<string> getAnswer, Func<int> getId) = (answer(row), id(row));
            return () => new AmberAnswer(getId(), getAnswer());
        }));
    }

    private static IReadOnlyList<ModelAnswer> Answers(IDataView data, string captionColumnName, string imageIdColumnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        var rows = new EvaluationRows(data);
        Func<DataViewRow, Func<string>> caption = rows.Text(captionColumnName, nameof(captionColumnName));
        Func<DataViewRow, Func<string>> image = rows.Key(imageIdColumnName, nameof(imageIdColumnName));
        Func<DataViewRow, Func<string>>? prompt = rows.OptionalText(null, "Prompt", "Prompt");
        return rows.Read<ModelAnswer>(row =>
        {
            (Func<string> getCaption, Func<string> getImage, Func<string>? getPrompt) = (caption(row), image(row), prompt?.Invoke(row));
            return () => new ModelAnswer { ImageId = getImage(), Question = getPrompt?.Invoke() ?? "", Text = getCaption() };
        });
    }
}
