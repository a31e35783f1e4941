using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>Writes a result in the layout of the published script, for tools that read its files.</summary>
public static class ObjectHalFile
{
    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        IndentSize = 4,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A file for tools, never a part of a page.
    };

    /// <summary>
    /// The script's name for the result of an answer file: <c>hall_NAME_-1.json</c>, where -1 says that all answers were used.
    /// </summary>
    /// <param name="answerPath">The answer file.</param>
    public static string NameFor(string answerPath) => $"hall_{Path.GetFileNameWithoutExtension(answerPath)}_-1.json";

    /// <summary>
    /// Writes <c>sentences</c> and <c>overall_metrics</c>; a figure that is absent is null. Sentences keep the order of the answers.
    /// </summary>
    /// <param name="result">What to write.</param>
    /// <param name="path">Where to; replaced as a whole.</param>
    public static void Write(ObjectHalResult result, string path)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        TextFile.Write(path, writer =>
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer, Layout))
            {
                json.WriteStartObject();
                json.WriteStartArray("sentences");
                foreach (ObjectScore score in result.Scores)
                {
                    WriteSentence(json, score);
                }

                json.WriteEndArray();
                json.WriteStartObject("overall_metrics");
                WriteMetrics(json, result);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            buffer.Position = 0;
            using var reader = new StreamReader(buffer);
            writer.Write(reader.ReadToEnd());
        });
    }

    private static void WriteSentence(Utf8JsonWriter json, ObjectScore score)
    {
        json.WriteStartObject();
        json.WritePropertyName("image_id");
        if (long.TryParse(score.Answer.ImageId, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
        {
            json.WriteNumberValue(id);
        }
        else
        {
            json.WriteStringValue(score.Answer.ImageId);
        }

        json.WriteString("caption", score.Response);
        json.WriteStartArray("mscoco_hallucinated_words");
        foreach (ObjectMention mention in score.Hallucinated)
        {
            json.WriteStartArray();
            json.WriteStringValue(mention.Word);
            WritePair(json, mention);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        WriteStrings(json, "mscoco_gt_words", score.Truth.Order(StringComparer.Ordinal));
        json.WriteStartArray("mscoco_generated_words");
        foreach (ObjectMention mention in score.Mentions)
        {
            WritePair(json, mention);
        }

        json.WriteEndArray();
        json.WriteStartArray("hallucination_idxs");
        foreach (ObjectMention mention in score.Hallucinated)
        {
            json.WriteNumberValue(mention.Index);
        }

        json.WriteEndArray();
        WriteStrings(json, "words", score.Words);
        json.WriteStartObject("metrics");
        json.WriteNumber("CHAIRs", score.IsHallucinated ? 1 : 0);
        json.WriteNumber("CHAIRi", score.MentionRate);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, ObjectHalResult result)
    {
        ObjectRates rates = result.Rates;
        Number("CHAIRs", rates.OfResponses.Value);
        Number("CHAIRs_refine", rates.OfResponsesWithObjects.Value);
        Number("CHAIRi", rates.OfMentions.Value);
        Number("obj_rec", rates.Recall.Value);
        json.WriteNumber("sentence_num", rates.OfResponses.Denominator);
        json.WriteNumber("coco_sentence_num", rates.OfResponsesWithObjects.Denominator);
        json.WriteNumber("coco_word_count", rates.Recall.Numerator);
        json.WriteNumber("gt_word_count", rates.Recall.Denominator);
        Number("avg_word_len", result.AverageWords);
        WriteTokens(json, "all_gpt_used_tokens", result.Judge?.Tokens);
        WriteTokens(json, "all_gpt_success_tokens", result.Judge?.UsableTokens);
        Number("correct_rate", 1 - rates.OfResponsesWithObjects.Value);
        Number("object_correct_rate", 1 - rates.OfMentions.Value);

        void Number(string name, double value)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumber(name, value);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }

    private static void WriteTokens(Utf8JsonWriter json, string name, JudgeTokens? tokens)
    {
        json.WriteStartObject(name);
        if (tokens is { } used)
        {
            json.WriteNumber("total", used.Total);
            json.WriteNumber("input", used.Input);
            json.WriteNumber("output", used.Output);
        }

        json.WriteEndObject();
    }

    private static void WritePair(Utf8JsonWriter json, ObjectMention mention)
    {
        json.WriteStartArray();
        json.WriteStringValue(mention.Word);
        json.WriteStringValue(mention.Class);
        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
