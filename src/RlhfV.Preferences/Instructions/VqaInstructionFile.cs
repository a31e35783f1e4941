using System.Globalization;
using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Reads the files of VQA v2 (Goyal et al., CVPR 2017) as short-answer instructions: the stage that precedes preference learning in
/// RLHF-V (CVPR 2024, section 4.1).
/// </summary>
public static class VqaInstructionFile
{
    private const int QuestionsPerReport = 100;

    /// <summary>
    /// Reads questions with the answer that most people gave. The annotations' answers are kept in memory (a few dozen megabytes for the
    /// training split); questions and pictures are streamed, so that taking the first few costs little.
    /// </summary>
    /// <param name="questionsPath">
    /// <c>{"questions": [{"image_id", "question", "question_id"}], "data_subtype"}</c>, for example
    /// <c>v2_OpenEnded_mscoco_train2014_questions.json</c>.
    /// </param>
    /// <param name="annotationsPath">
    /// <c>{"annotations": [{"question_id", "answers": [{"answer"}], "multiple_choice_answer"}]}</c>, for example
    /// <c>v2_mscoco_train2014_annotations.json</c>.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <returns>The examples in the order of the questions; read anew by each enumeration.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="PreferenceDataException">
    /// A file has another layout; or, while enumerating, a question or annotation is bad and <see cref="VqaReadOptions.OnBadRow"/> is null.
    /// </exception>
    public static IEnumerable<InstructionExample> Read(string questionsPath, string annotationsPath, VqaReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(questionsPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(annotationsPath);
        options ??= new VqaReadOptions();
        var reading = new PreferenceReadOptions { ImageRoot = options.ImageRoot, Images = options.Images, OnBadRow = options.OnBadRow };
        var questions = new PreferenceSource(Existing(questionsPath), reading);
        var annotations = new PreferenceSource(Existing(annotationsPath), reading);
        Func<long, string> imagePath = options.ImagePath ?? CocoName(questions);
        return Enumerate(questions, annotations, imagePath, options);
    }

    private static IEnumerable<InstructionExample> Enumerate(
        PreferenceSource questions, PreferenceSource annotations, Func<long, string> imagePath, VqaReadOptions options)
    {
        Dictionary<long, string> answers = ReadAnswers(annotations);
        foreach (TextLine record in JsonRecordReader.ReadList(questions, "questions"))
        {
            if (record.Number % QuestionsPerReport == 0)
                options.Progress?.Report(record.Number);
            InstructionExample example;
            try
            {
                example = Parse(questions, record, answers, imagePath, options.PromptSuffix, annotations.Path);
            }
            catch (PreferenceDataException problem)
            {
                questions.Report(problem);
                continue;
            }

            yield return example;
        }
    }

    private static InstructionExample Parse(
        PreferenceSource source, TextLine record, Dictionary<long, string> answers, Func<long, string> imagePath, string suffix, string annotations)
    {
        string key = "question_id";
        try
        {
            using JsonDocument json = JsonText.Parse(record.Utf8);
            long id = JsonText.RequireInteger(json.RootElement, key);
            key = "image_id";
            long image = JsonText.RequireInteger(json.RootElement, key);
            key = "question";
            string question = JsonText.RequireString(json.RootElement, key);
            if (string.IsNullOrWhiteSpace(question))
                throw new JsonException("the question is empty.");
            key = "question_id";
            if (!answers.TryGetValue(id, out string? answer))
                throw new JsonException($"the question {id} has no usable annotation in '{annotations}'.");
            return new InstructionExample
            {
                Images = [source.LoadImage(record.Number, PreferenceImage.FromPath(imagePath(image)))],
                Prompt = question + suffix,
                Answer = answer,
                Origin = new PreferenceOrigin { Dataset = "VQAv2", Id = id.ToString(CultureInfo.InvariantCulture), QuestionType = "short_answer" },
            };
        }
        catch (JsonException problem)
        {
            throw source.Bad(record.Number, key, problem.Message, problem);
        }
    }

    private static Dictionary<long, string> ReadAnswers(PreferenceSource source)
    {
        var answers = new Dictionary<long, string>();
        foreach (TextLine record in JsonRecordReader.ReadList(source, "annotations"))
        {
            string key = "question_id";
            try
            {
                using JsonDocument json = JsonText.Parse(record.Utf8);
                long id = JsonText.RequireInteger(json.RootElement, key);
                key = "answers";
                if (!answers.TryAdd(id, Majority(json.RootElement)))
                    throw new JsonException($"the question {id} was annotated before; the first annotation counts.");
            }
            catch (JsonException problem)
            {
                source.Report(source.Bad(record.Number, key, problem.Message, problem));
            }
        }

        return answers;
    }

    /// <summary>The answer that most people gave; of several, the file's <c>multiple_choice_answer</c> or else the one given first.</summary>
    private static string Majority(JsonElement annotation)
    {
        string? official = JsonText.OptionalString(annotation, "multiple_choice_answer");
        string[] given =
        [
            .. JsonText.RequireList(annotation, "answers").EnumerateArray()
                .Select(answer => JsonText.RequireString(answer, "answer").Trim()).Where(answer => answer.Length > 0),
        ];
        if (given.Length == 0)
            throw new JsonException("there is no answer that is not empty.");
        IGrouping<string, string>[] groups = [.. given.GroupBy(answer => answer, StringComparer.Ordinal)];
        string[] most = [.. groups.Where(group => group.Count() == groups.Max(g => g.Count())).Select(group => group.Key)];
        return official is not null && most.Contains(official) ? official : most[0];
    }

    private static Func<long, string> CocoName(PreferenceSource questions)
    {
        string split = JsonRecordReader.FindText(questions, "data_subtype") ?? throw questions.Bad(
            null, "data_subtype", $"is missing, so that the pictures' names are not known. Set {nameof(VqaReadOptions.ImagePath)}.");
        return id => string.Create(CultureInfo.InvariantCulture, $"COCO_{split}_{id:D12}.jpg");
    }

    private static string Existing(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"There is no file '{Path.GetFullPath(path)}'; expected a JSON file of VQA v2.", path);
}
