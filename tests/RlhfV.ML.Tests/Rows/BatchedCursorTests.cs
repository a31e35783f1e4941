using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Models;

namespace RlhfV.ML.Tests.Rows;

public sealed class BatchedCursorTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly VisionLanguageModel _model = TinyModel.Load();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void Read_StreamThatGivesItsRowsOnce_AnswersEachRow(int batchSize)
    {
        BytesRow[] rows = BytesRow.Many(5);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = batchSize });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(Once(rows)));

        WholeRow[] read = [.. _ml.Data.CreateEnumerable<WholeRow>(data, reuseRowObject: false)];

        Assert.Equal(rows.Select(row => row.Number), read.Select(row => row.Number));
        Assert.All(read, row => Assert.Equal(rows[row.Number].Image, row.Image));
        Assert.Equal(rows.Select(row => TinyModel.Ask(_model, row.Prompt, row.Image)), read.Select(row => row.Caption));
    }

    [Fact]
    public void Read_StreamOfPixelsPassedThrough_AnswersEachRowInBatchesOfOne()
    {
        using MLImage first = Picture.Image(0), second = Picture.Image(1);
        PixelsRow[] rows = [new() { Image = first }, new() { Image = second }];
        using CaptionTransformer transformer = Fit(new() { BatchSize = 1 });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(Once(rows)));
        var read = new List<(MLImage, string)>();
        MLImage image = null!;
        ReadOnlyMemory<char> answer = default;

        using (DataViewRowCursor cursor = data.GetRowCursor(data.Schema))
        {
            var getImage = cursor.GetGetter<MLImage>(data.Schema["Image"]);
            var getAnswer = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Caption"]);
            while (cursor.MoveNext())
            {
                getAnswer(ref answer);
                getImage(ref image);
                read.Add((image, answer.ToString()));
            }
        }

        string[] expected = [.. new[] { 0, 1 }.Select(i => TinyModel.Ask(_model, CaptionOptions.DefaultPrompt, Picture.Png(i)))];
        Assert.Equal([(first, expected[0]), (second, expected[1])], read);
    }

    [Fact]
    public void Read_PixelsPassedThroughOrNot_GivesTheSame()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new PixelsRow { Image = Picture.Image(i) }).ToArray());
        using CaptionTransformer transformer = Fit(new() { BatchSize = 2 });
        IDataView captioned = transformer.Transform(data);

        Assert.Equal(captioned.GetColumn<string>("Caption"), captioned.Preview().RowView.Select(row => $"{row.Values.Last().Value}"));
    }

    [Fact]
    public void Read_RowsKeptAhead_AreTheSourcesOwn()
    {
        IDataView data = _ml.Data.ShuffleRows(_ml.Data.LoadFromEnumerable(BytesRow.Many(7)), seed: 5);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 3 });
        IDataView captioned = transformer.Transform(data);
        using DataViewRowCursor expected = data.GetRowCursor(data.Schema), cursor = captioned.GetRowCursor(captioned.Schema);
        var answer = cursor.GetGetter<ReadOnlyMemory<char>>(captioned.Schema["Caption"]);
        (var ids, var expectedIds) = (cursor.GetIdGetter(), expected.GetIdGetter());
        (DataViewRowId id, DataViewRowId expectedId, ReadOnlyMemory<char> text, VBuffer<byte> image) = (default, default, default, default);

        while (cursor.MoveNext())
        {
            Assert.True(expected.MoveNext());
            answer(ref text);
            ids(ref id);
            expectedIds(ref expectedId);
            Assert.Equal((expected.Position, expected.Batch, expectedId), (cursor.Position, cursor.Batch, id));
            byte[] stored = Image(expected, data.Schema);

            // A getter that is asked for late, and a reader that writes into what it was given, change nothing.
            cursor.GetGetter<VBuffer<byte>>(captioned.Schema["Image"])(ref image);
            VBufferEditor.CreateFromBuffer(ref image).Values.Clear();
            Assert.Equal(stored, Image(cursor, captioned.Schema));
        }

        Assert.False(expected.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void Read_SourceThatBreaksInTheMiddleOfABatch_AnswersWhatCameBeforeAndThenSaysSo()
    {
        BytesRow[] rows = BytesRow.Many(3);
        using CaptionTransformer transformer = Fit(new() { PromptColumnName = "Prompt", BatchSize = 8 });
        using IEnumerator<string> captions = transformer.Transform(_ml.Data.LoadFromEnumerable(Breaking(rows))).GetColumn<string>("Caption").GetEnumerator();

        foreach (BytesRow row in rows)
        {
            Assert.True(captions.MoveNext());
            Assert.Equal(TinyModel.Ask(_model, row.Prompt, row.Image), captions.Current);
        }

        Assert.Equal("The line is dead.", Assert.Throws<IOException>(() => captions.MoveNext()).Message);
    }

    [Fact]
    public void Read_ColumnThatFailsInOneRow_FailsThereOnly()
    {
        FailingRow[] rows = [.. BytesRow.Many(4).Select(row => new FailingRow { Image = row.Image, Number = row.Number })];
        using CaptionTransformer transformer = Fit(new() { BatchSize = 3 });
        IDataView data = transformer.Transform(_ml.Data.LoadFromEnumerable(rows));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        var answer = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Caption"]);
        var fragile = cursor.GetGetter<float>(data.Schema["Fragile"]);
        ReadOnlyMemory<char> text = default;
        float value = 0;
        string read = "";

        while (cursor.MoveNext())
        {
            answer(ref text);
            Assert.Equal(TinyModel.Ask(_model, CaptionOptions.DefaultPrompt, rows[cursor.Position].Image), text.ToString());
            read += Record.Exception(() => fragile(ref value)) is null ? $"{value}" : "!";
        }

        Assert.Equal("0!23", read);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Getter_CursorOnNoRow_SaysSo(bool pixels)
    {
        IDataView data = pixels
            ? _ml.Data.LoadFromEnumerable([new PixelsRow { Image = Picture.Image(1) }])
            : _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using CaptionTransformer transformer = Fit(new());
        IDataView captioned = transformer.Transform(data);
        ReadOnlyMemory<char> text = default;
        using DataViewRowCursor cursor = captioned.GetRowCursor(captioned.Schema);
        var answer = cursor.GetGetter<ReadOnlyMemory<char>>(captioned.Schema["Caption"]);

        AssertRefused();
        Assert.True(cursor.MoveNext());
        answer(ref text);
        Assert.False(cursor.MoveNext());
        AssertRefused();
        Assert.False(cursor.MoveNext());

        void AssertRefused() => Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => answer(ref text)).Message);
    }

    private CaptionTransformer Fit(CaptionOptions options)
    {
        options.Generation = TinyModel.Short;
        return _ml.VisionLanguage.Caption(_model, options).Fit(_ml.Data.LoadFromEnumerable(Array.Empty<BytesRow>()));
    }

    /// <summary>Rows that are gone when they were read, as those of a queue or a database reader are.</summary>
    private static IEnumerable<T> Once<T>(IEnumerable<T> rows)
    {
        var queue = new Queue<T>(rows);
        return Read();

        IEnumerable<T> Read()
        {
            while (queue.TryDequeue(out T? row))
                yield return row;
        }
    }

    private static IEnumerable<BytesRow> Breaking(IEnumerable<BytesRow> rows)
    {
        foreach (BytesRow row in rows)
            yield return row;
        throw new IOException("The line is dead.");
    }

    private static byte[] Image(DataViewRow row, DataViewSchema schema)
    {
        VBuffer<byte> image = default;
        row.GetGetter<VBuffer<byte>>(schema["Image"])(ref image);
        return [.. image.DenseValues()];
    }

    private sealed class WholeRow
    {
        public byte[] Image { get; set; } = [];

        public int Number { get; set; }

        public string Caption { get; set; } = "";
    }

    private sealed class FailingRow
    {
        public byte[] Image { get; set; } = [];

        public int Number { get; set; }

        public float Fragile
        {
            get => Number == 1 ? throw new InvalidOperationException("It broke.") : Number;
            set => Number = (int)value;
        }
    }
}
