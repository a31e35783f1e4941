using Microsoft.ML;

namespace RlhfV.ML.Captioning;

/// <summary>
/// Answers rows in batches on a cursor of its own that runs ahead of the reader's. Rows that the reader passes by without asking are not
/// answered unless they share a batch with one that is.
/// </summary>
internal sealed class AheadAnswers : IDisposable
{
    private readonly DataViewRowCursor _ahead;
    private readonly CaptionRequestReader _reader;
    private readonly Captioner _captioner;
    private readonly int _batchSize;
    private IReadOnlyList<string> _batch = [];
    private long _first;
    private long _row = -1;

    public AheadAnswers(DataViewRowCursor ahead, CaptionColumns columns, Captioner captioner, CaptionOptions options)
    {
        (_ahead, _captioner, _batchSize) = (ahead, captioner, options.BatchSize);
        _reader = new CaptionRequestReader(ahead, columns, options.ImageFolder);
    }

    /// <summary>The answer to a row; rows are asked for in rising order.</summary>
    /// <param name="row">Number of the row, the first being 0.</param>
    public string this[long row]
    {
        get
        {
            if (row >= _first + _batch.Count)
                Fill(row);
            return _batch[(int)(row - _first)];
        }
    }

    public void Dispose() => _ahead.Dispose();

    private void Fill(long row)
    {
        while (_row < row)
        {
            if (!MoveNext())
                throw new InvalidOperationException($"The data gave row {row + 1} to one cursor and not to another; expected the same rows every time.");
        }

        var requests = new List<CaptionRequest>(_batchSize) { _reader.Read() };
        while (requests.Count < _batchSize && MoveNext())
            requests.Add(_reader.Read());

        // Emptied first: after a failure the batch is gone, and the next reading must not see the one before.
        _batch = [];
        _first = row;
        _batch = _captioner.Answer(requests);
    }

    private bool MoveNext()
    {
        _row++;
        return _ahead.MoveNext();
    }
}
