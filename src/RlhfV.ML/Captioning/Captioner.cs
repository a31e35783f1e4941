using System.Text.Json;
using RlhfV.ML.PreferenceData;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.ML.Captioning;

/// <summary>Asks a model what rows ask. Safe for concurrent use.</summary>
/// <param name="model">The model; borrowed.</param>
/// <param name="options">Checked options.</param>
internal sealed class Captioner(VisionLanguageModel model, CaptionOptions options)
{
    /// <summary>Answers rows in one batch, in order; a bad row is reported and gets an empty answer, or ends the reading, as the options say.</summary>
    /// <exception cref="RowDataException">A row is bad and nobody listens.</exception>
    public IReadOnlyList<string> Answer(IReadOnlyList<CaptionRequest> requests)
    {
        Prompt?[] prompts = [.. requests.Select(Ask)];
        try
        {
            return Generate(prompts);
        }
        catch (Exception problem) when (IsAboutInput(problem))
        {
            // Only now is it worth looking which row it was; without a culprit the problem is of another kind.
            if (RemoveBadRows(requests, prompts) == 0)
                throw;
            return Generate(prompts);
        }
    }

    /// <summary>The question of a row about all its pictures, or null when it was reported.</summary>
    private Prompt? Ask(CaptionRequest request)
    {
        if (request.Problem is { } unusable)
            return Report(request, options.ImageColumnName, unusable.Message, unusable);
        if (request.Image is not { } image)
            return Report(request, options.ImageColumnName, "there is no picture. Fill the column, or leave the row out.", null);
        string question = string.IsNullOrWhiteSpace(request.Question) ? options.Prompt : request.Question;
        if (request.MoreImages.Length == 0)
            return Prompt.Ask(question, image);
        try
        {
            return Prompt.Ask(question, [image, .. MoreImages.Read(request.MoreImages, options.ImageFolder)]);
        }
        catch (JsonException problem)
        {
            return Report(request, options.MoreImagesColumnName ?? PreferenceColumn.MoreImages, problem.Message, problem);
        }
    }

    private static bool IsAboutInput(Exception problem) =>
        problem is ArgumentException or FormatException or IOException or UnauthorizedAccessException;

    private string[] Generate(Prompt?[] prompts)
    {
        string[] answers = new string[prompts.Length];
        Array.Fill(answers, "");
        int[] asked = [.. Enumerable.Range(0, prompts.Length).Where(i => prompts[i] is not null)];
        IReadOnlyList<GenerationResult> results =
            model.Generate([.. asked.Select(i => prompts[i]!)], options.Generation, options.CancellationToken);
        for (int i = 0; i < asked.Length; i++)
            answers[asked[i]] = results[i].Text;
        return answers;
    }

    private int RemoveBadRows(IReadOnlyList<CaptionRequest> requests, Prompt?[] prompts)
    {
        int removed = 0;
        for (int i = 0; i < prompts.Length; i++)
        {
            if (prompts[i] is not { } prompt || FindProblem(prompt) is not { } problem)
                continue;
            string column = problem is ArgumentException && options.PromptColumnName is { } name ? name : options.ImageColumnName;
            prompts[i] = Report(requests[i], column, problem.Message, problem);
            removed++;
        }

        return removed;
    }

    private Exception? FindProblem(Prompt prompt)
    {
        try
        {
            int tokens = model.Processor.EncodePrompt(prompt).Ids.Count;
            int room = model.Network.DecoderConfig.MaxPositions;
            return tokens < room
                ? null
                : new ArgumentException($"the question takes {tokens} tokens with its picture; the model has room for {room - 1} and an answer.");
        }
        catch (Exception problem) when (IsAboutInput(problem))
        {
            return problem;
        }
    }

    private Prompt? Report(CaptionRequest request, string column, string reason, Exception? cause)
    {
        var problem = new RowDataException(request.Row, column, reason, cause);
        if (options.OnBadRow is not { } listener)
            throw problem;
        listener(problem);
        return null;
    }
}
