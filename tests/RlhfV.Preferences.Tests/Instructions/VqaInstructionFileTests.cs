using System.Text;
using System.Text.Json;

namespace RlhfV.Preferences.Tests.Instructions;

public sealed class VqaInstructionFileTests : IDisposable
{
    private static readonly byte[] Png = Convert.FromHexString("89504E470D0A1A0A0000000D49484452");
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv-vqa-").FullName;

    public VqaInstructionFileTests()
    {
        foreach (int id in (int[])[25, 262148])
        {
            File.WriteAllBytes(Path.Combine(_folder, $"COCO_train2014_{id:D12}.jpg"), Png);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_QuestionsAndAnnotations_AreJoinedByIdWithTheMajorityAnswer()
    {
        string questions = Questions((262148, 2, "Where is he looking?"), (25, 1, "What color is it?"));
        string annotations = Annotations((1, "red", ["blue", "red", "red", "blue"]), (2, "down", ["up", "down", "down"]));

        InstructionExample[] examples = [.. VqaInstructionFile.Read(questions, annotations)];

        Assert.Equal(["down", "red"], examples.Select(example => example.Answer));
        Assert.Equal("Where is he looking?\nAnswer the question using a single word or phrase.", examples[0].Prompt);
        Assert.Equal(
            Path.Combine(_folder, "COCO_train2014_000000262148.jpg"), Assert.Single(examples[0].Images).Path, ignoreCase: false);
        Assert.Null(examples[0].Images[0].Bytes);
        Assert.Equal(("VQAv2", "2", "short_answer"), (examples[0].Origin.Dataset, examples[0].Origin.Id, examples[0].Origin.QuestionType));
    }

    [Fact]
    public void Read_TiedAnswersWithoutAnOfficialOne_TakesTheFirstGiven()
    {
        string questions = Questions((25, 1, "What is it?"));
        string annotations = Annotations((1, null, ["cup", "mug", "mug", "cup", " cup of tea"]));

        Assert.Equal("cup", Assert.Single(VqaInstructionFile.Read(questions, annotations)).Answer);
    }

    [Fact]
    public void Read_Options_DecideSuffixNamesAndBytes()
    {
        string questions = Questions((25, 1, "What is it?"));
        File.WriteAllBytes(Path.Combine(_folder, "25.png"), Png);
        var options = new VqaReadOptions { PromptSuffix = "", ImagePath = id => $"{id}.png", Images = ImageLoading.Bytes };

        InstructionExample example = Assert.Single(VqaInstructionFile.Read(questions, Annotations((1, "a", ["a"])), options));

        Assert.Equal("What is it?", example.Prompt);
        Assert.Equal(Png, example.Images[0].Bytes!.Value.ToArray());
    }

    [Fact]
    public void Read_BadRows_AreReportedWithFileRowAndColumnAndNothingGoodIsLost()
    {
        string questions = Write("questions.json", """
            {"info": {"list": [1, {"questions": 2}]}, "data_subtype": "train2014", "questions": [
              {"image_id": 25, "question": "Good?", "question_id": 1},
              {"image_id": 25, "question": "  ", "question_id": 1},
              {"image_id": "x", "question": "Q?", "question_id": 1},
              {"image_id": 25, "question": "Not annotated?", "question_id": 77},
              {"image_id": 4, "question": "No picture?", "question_id": 1},
              3,
              {"image_id": 25, "question": "Good too?", "question_id": 5}]}
            """);
        string annotations = Write("annotations.json", """
            {"annotations": [
              {"question_id": 1, "answers": [{"answer": "yes"}], "multiple_choice_answer": "yes"},
              {"question_id": 1, "answers": [{"answer": "no"}]},
              {"question_id": 2, "answers": [{"answer": ""}]},
              {"answers": []},
              {"question_id": 5, "answers": [{"answer": "no"}]}]}
            """);
        var problems = new List<PreferenceDataException>();

        InstructionExample[] read = [.. VqaInstructionFile.Read(questions, annotations, new() { OnBadRow = problems.Add })];

        Assert.Equal(["Good?", "Good too?"], read.Select(example => example.Prompt.Split('\n')[0]));
        Assert.Equal(["yes", "no"], read.Select(example => example.Answer));
        Assert.Equal(
            [(annotations, 2, "answers"), (annotations, 3, "answers"), (annotations, 4, "question_id"), (questions, 2, "question"),
                (questions, 3, "image_id"), (questions, 4, "question_id"), (questions, 5, "image"), (questions, 6, "question_id")],
            problems.Select(problem => (problem.File, problem.Row ?? 0, problem.Column ?? "")));
        Assert.Throws<PreferenceDataException>(() => VqaInstructionFile.Read(questions, annotations).ToArray());
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("{\"questions\": 3, \"data_subtype\": \"train2014\"}")]
    [InlineData("{\"data_subtype\": \"train2014\"}")]
    [InlineData("{\"data_subtype\": \"train2014\", \"questions\": [{\"image")]
    [InlineData("")]
    public void Read_FileOfAnotherLayout_IsRefusedByName(string content)
    {
        string questions = Write("questions.json", content);

        var problem = Assert.Throws<PreferenceDataException>(
            () => VqaInstructionFile.Read(questions, Annotations((1, "a", ["a"]))).ToArray());

        Assert.Equal(questions, problem.File);
    }

    [Fact]
    public void Read_NoSplitInTheFile_AsksForNames()
    {
        string questions = Write("questions.json", """{"questions": []}""");

        var problem = Assert.Throws<PreferenceDataException>(() => VqaInstructionFile.Read(questions, Annotations((1, "a", ["a"]))));

        Assert.Contains("ImagePath", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_SaysWhich() => Assert.Contains(
        "nowhere.json",
        Assert.Throws<FileNotFoundException>(() => VqaInstructionFile.Read(Path.Combine(_folder, "nowhere.json"), "x")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_FilesLargerThanTheBuffer_AreReadWhole()
    {
        (int, int, string)[] asked = [.. Enumerable.Range(0, 6000).Select(i => (25, i, $"Is this question {i}, which is not short, about it?"))];
        string questions = Questions(asked);
        string annotations = Annotations([.. asked.Select(q => (q.Item2, (string?)null, new[] { $"answer {q.Item2}" }))]);
        Assert.True(new FileInfo(questions).Length > 300_000);

        InstructionExample[] read = [.. VqaInstructionFile.Read(questions, annotations)];

        Assert.Equal(asked.Select(q => $"answer {q.Item2}"), read.Select(example => example.Answer));
    }

    private string Questions(params (int Image, int Id, string Text)[] questions) => Write("questions.json", JsonSerializer.Serialize(new
    {
        info = new { description = "questions", list = new[] { 1 } },
        questions = questions.Select(q => new { image_id = q.Image, question = q.Text, question_id = q.Id }),
        data_subtype = "train2014",
    }));

    private string Annotations(params (int Id, string? Official, string[] Answers)[] annotations) => Write("annotations.json", JsonSerializer.Serialize(new
    {
        annotations = annotations.Select(a => new
        {
            question_id = a.Id,
            multiple_choice_answer = a.Official,
            answers = a.Answers.Select((answer, i) => new { answer, answer_confidence = "yes", answer_id = i + 1 }),
        }),
    }));

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        return path;
    }
}
