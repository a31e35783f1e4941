namespace RlhfV.Models.Generation;

/// <summary>Decodes answers for prompts that are all there from the start.</summary>
/// <param name="network">The network.</param>
/// <param name="processor">Text and pictures.</param>
/// <param name="endIds">Ids that end an answer.</param>
internal sealed class AnswerGenerator(VisionLanguageNetwork network, VisionLanguageProcessor processor, IReadOnlySet<int> endIds)
{
    /// <summary>Decodes; yields each piece of text with the number of its prompt, and the whole result with the last piece.</summary>
    /// <remarks>Beam search knows its answer only at the end, which comes as one piece; it takes the prompts one after the other.</remarks>
    /// <param name="prompts">Encoded prompts, at least one.</param>
    /// <param name="options">Decoding options, already validated.</param>
    /// <param name="cancellationToken">Checked before every token.</param>
    public IEnumerable<(int Prompt, GenerationUpdate Update)> Run(
        IReadOnlyList<EncodedPrompt> prompts, GenerationOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Beams > 1)
        {
            for (int i = 0; i < prompts.Count; i++)
            {
                GenerationResult result = new BeamSearch(network, processor, endIds, prompts[i], options).Run(cancellationToken);
                yield return (i, new GenerationUpdate { Text = result.Text, Result = result });
            }

            yield break;
        }

        using var batch = new GenerationBatch(network, processor, endIds);
        IReadOnlyList<BatchUpdate> updates =
            batch.Add([.. prompts.Select((p, i) => new BatchPrompt { Id = i, Prompt = p, Options = options })]);
        while (true)
        {
            foreach (BatchUpdate update in updates)
                yield return ((int)update.Id, update.Update);
            if (batch.Count == 0)
                yield break;
            cancellationToken.ThrowIfCancellationRequested();
            updates = batch.Step();
        }
    }
}
