// wordcount < chunk: counts the words of a piece of text and finds its closest pairs of long words.
//
// The job of `npm start`. `src/word-reference.ts` computes the same in plain JavaScript; both follow this text.
//
// A word is a maximal run of ASCII letters, lower-cased; of a run longer than 32 letters only the first 32
// count. Every other byte separates words. Standard output is, in this order, lines that end in "\n":
//
//   word COUNT WORD                for every distinct word, sorted bytewise
//   pair DISTANCE FIRST SECOND     for the closest 100 pairs of distinct words of at least 4 letters,
//                                  FIRST < SECOND, sorted by distance, then FIRST, then SECOND
//
// DISTANCE is Levenshtein's: the fewest insertions, deletions and replacements of one letter that turn one word
// into the other. Every pair is measured in full (no early exit), which is what the work consists of.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 32, SHORTEST_IN_PAIR = 4, PAIRS = 100 };

typedef struct {
  uint8_t length;
  uint8_t letters[LONGEST];
} Word;

typedef struct {
  uint32_t first, second;
} Pair;

typedef struct {
  uint32_t count;
  Pair pairs[PAIRS];
} Bucket;

// Pairs by distance, each list in the order of discovery, which is the order of output.
static Bucket buckets[LONGEST + 1];

// Not printf: it brings the formatting of floats, and a module with floats cannot be put before a jury.
static void print(const char *text) { fputs(text, stdout); }

static void printWord(const Word *word) { fwrite(word->letters, 1, word->length, stdout); }

static void printNumber(size_t number) {
  char digits[20];
  char *first = digits + sizeof digits;
  do *--first = '0' + number % 10;
  while (number /= 10);
  fwrite(first, 1, digits + sizeof digits - first, stdout);
}

static void *grow(void *memory, size_t bytes) {
  void *grown = realloc(memory, bytes);
  if (grown) return grown;
  fputs("expected more memory; give the task more pages\n", stderr);
  exit(3);
}

static uint8_t *readAll(size_t *size) {
  size_t capacity = 1 << 16;
  uint8_t *text = grow(NULL, capacity);
  *size = 0;
  for (size_t got; (got = fread(text + *size, 1, capacity - *size, stdin)) > 0;) {
    *size += got;
    if (*size == capacity) text = grow(text, capacity *= 2);
  }
  return text;
}

// Returns the lower-case letter, or 0 for every other byte.
static uint8_t letter(uint8_t byte) {
  uint8_t lower = byte | 0x20;
  return lower >= 'a' && lower <= 'z' ? lower : 0;
}

static Word *splitWords(const uint8_t *text, size_t size, size_t *count) {
  size_t capacity = 1024;
  Word *words = grow(NULL, capacity * sizeof(Word));
  *count = 0;
  for (size_t at = 0; at < size;) {
    Word word = {0};
    for (uint8_t next; at < size && (next = letter(text[at])); at++) {
      if (word.length < LONGEST) word.letters[word.length++] = next;
    }
    if (word.length == 0) {
      at++;
      continue;
    }
    if (*count == capacity) words = grow(words, (capacity *= 2) * sizeof(Word));
    words[(*count)++] = word;
  }
  return words;
}

// Unused letters are 0, so that a prefix sorts before the longer word.
static int compareWords(const void *a, const void *b) {
  return memcmp(((const Word *)a)->letters, ((const Word *)b)->letters, LONGEST);
}

// Prints the counts of sorted words and moves each distinct word to the front; returns their number.
static size_t countWords(Word *words, size_t count) {
  size_t distinct = 0;
  for (size_t at = 0, next; at < count; at = next) {
    for (next = at + 1; next < count && compareWords(&words[at], &words[next]) == 0;) next++;
    print("word ");
    printNumber(next - at);
    print(" ");
    printWord(&words[at]);
    print("\n");
    words[distinct++] = words[at];
  }
  return distinct;
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static uint32_t distance(const Word *a, const Word *b) {
  uint32_t row[LONGEST + 1];
  for (uint32_t j = 0; j <= b->length; j++) row[j] = j;
  for (uint32_t i = 0; i < a->length; i++) {
    uint32_t diagonal = i;
    row[0] = i + 1;
    for (uint32_t j = 0; j < b->length; j++) {
      uint32_t replaced = diagonal + (a->letters[i] != b->letters[j]);
      diagonal = row[j + 1];
      row[j + 1] = least(replaced, least(diagonal, row[j]) + 1);
    }
  }
  return row[b->length];
}

static void measurePairs(const Word *words, size_t count) {
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t j = i + 1; j < count; j++) {
      Bucket *bucket = &buckets[distance(&words[i], &words[j])];
      if (bucket->count < PAIRS) bucket->pairs[bucket->count++] = (Pair){i, j};
    }
  }
}

static void printPairs(const Word *words) {
  uint32_t left = PAIRS;
  for (uint32_t d = 0; d <= LONGEST; d++) {
    for (uint32_t i = 0; i < buckets[d].count && left > 0; i++, left--) {
      const Word *a = &words[buckets[d].pairs[i].first], *b = &words[buckets[d].pairs[i].second];
      print("pair ");
      printNumber(d);
      print(" ");
      printWord(a);
      print(" ");
      printWord(b);
      print("\n");
    }
  }
}

static size_t keepLong(Word *words, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    if (words[i].length >= SHORTEST_IN_PAIR) words[kept++] = words[i];
  }
  return kept;
}

int main(void) {
  size_t size, count;
  uint8_t *text = readAll(&size);
  Word *words = splitWords(text, size, &count);
  qsort(words, count, sizeof(Word), compareWords);
  size_t distinct = countWords(words, count);
  size_t longer = keepLong(words, distinct);
  measurePairs(words, longer);
  printPairs(words);
  return 0;
}
